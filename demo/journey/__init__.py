"""The seed's six steps as a person takes them: pages, Zoho's consent, the sign-in link and the public API."""
