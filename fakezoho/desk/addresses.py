from __future__ import annotations

import re

REFUSED = re.compile(r"\.\.|\.$")


def is_address(text: str) -> bool:
    """Follow docs/zoho-facts.md 9: no two dots in a row, no dot right before the @, no underscore behind it."""
    name, at, domain = text.rpartition("@")
    return bool(at and name and domain) and not REFUSED.search(name) and "_" not in domain
