"""A local stand-in of Zoho Accounts and Zoho Desk: ``python -m fakezoho``, or :class:`fakezoho.serve.StandIn`.

Written from docs/zoho-facts.md and Zoho's OpenAPI digest, never from the product: each can prove the other wrong.
"""
