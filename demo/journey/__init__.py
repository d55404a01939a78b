"""The six steps of a first set-up, as a person takes them: pages, Zoho's consent, the sign-in link, the public API."""
