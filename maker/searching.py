"""How much one search may ask: each word becomes a condition on every column that is searched."""

from __future__ import annotations

LONGEST = 200
MOST_WORDS = 20


def fits(term: str) -> bool:
    return len(term) <= LONGEST and len(term.split()) <= MOST_WORDS and "\0" not in term
