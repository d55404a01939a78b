"""The mark that each written record carries, and by which that record and no other is found again."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is easily misread (0 and o, 1 and l and i): people compare markers by eye."""
LENGTH = 12
"""59 bits: one chance in 10 000 that ten million records hold a pair, and the database refuses that one."""


def new() -> str:
    """`DL-` and 12 random characters: letters, digits and a hyphen, which vendors' searches find exactly."""
    return "DL-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
