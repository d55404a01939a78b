"""The mark that each written record carries, so that it can be found again by nothing else."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is read wrongly (0 and o, 1 and l and i): people compare markers by eye."""
LENGTH = 12
"""59 bits: one chance in 10 000 that ten million records hold a pair, and the database refuses that one."""


def new() -> str:
    """`DL-` and random letters. Vendors find it exact: letters, digits and hyphen only."""
    return "DL-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
