"""Which of the rights that are needed a consent left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def missing(needed: Iterable[str], granted: Collection[str]) -> list[str]:
    """Those that were not granted, neither by name nor by the `.ALL` of their area; none while nobody told which were.

    The vendor's answer may leave its scopes out, and their case does not matter (docs/zoho-facts.md 2.3, 2.7).
    """
    known = {scope.lower() for scope in granted}
    return [right for right in needed if known and not {right.lower(), _all_of(right)} & known]


def _all_of(right: str) -> str:
    return f"{right.rpartition('.')[0]}.ALL".lower()
