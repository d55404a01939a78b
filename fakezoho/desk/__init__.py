"""Zoho Desk's REST API v1, as far as the digest beside this package describes it."""
