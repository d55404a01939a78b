"""Zoho's accounts server: registering clients, consent, tokens, and who somebody is."""
