"""Which e-mail addresses are taken (docs/zoho-facts.md 9)."""

from __future__ import annotations

import re

REFUSED = re.compile(r"\.\.|\.$")


def is_address(text: str) -> bool:
    """No two dots in a row and none at the end of the name part; no underscore in the domain."""
    name, at, domain = text.rpartition("@")
    return bool(at and name and domain) and not REFUSED.search(name) and "_" not in domain
