from __future__ import annotations


def primary_key(text: str | None) -> int:
    """The primary key in an address; 0, which no row has, for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0
