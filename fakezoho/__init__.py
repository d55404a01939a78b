"""A local stand-in of Zoho Accounts and Zoho Desk, its own ASGI application.

Written from Zoho's facts (docs/zoho-facts.md and the OpenAPI digest beside this file), never from the product's client:
it imports nothing of the product, so that each can prove the other wrong. Start it with
``python -m fakezoho --port 8100``, or in a test with :class:`fakezoho.serve.StandIn`.
"""
