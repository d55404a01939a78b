"""Tokens and codes are kept as hashes: neither memory nor the state file holds one that could be used."""

from __future__ import annotations

import hashlib
import secrets


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token() -> str:
    """Make an opaque token in Zoho's form, ``1000.<32 hex>.<32 hex>`` (docs/zoho-facts.md 2.3)."""
    return f"1000.{secrets.token_hex(16)}.{secrets.token_hex(16)}"
