"""Which records may hold a text (:mod:`fakezoho.desk.matching` compares what is left), and which have a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

PART = 3
SEARCHED = {
    "contacts": ("id", "firstName", "lastName", "email", "secondaryEmail", "phone", "mobile"),
    "calls": ("id", "subject", "description"),
    "tickets": ("id", "subject", "description", "email", "phone", "ticketNumber"),
}
"""The fields of each module whose texts are kept; those in ``cf`` always are."""
KEYS = {"contacts": ("email",)}
"""The fields of each module by whose whole value its records are found."""
PHONES = frozenset({"phone", "mobile"})
NOT_DIGITS = re.compile(r"\D+")
NOBODY: frozenset[str] = frozenset()


def lowered(value: Any) -> str:
    return "" if value is None else str(value).lower()


def digits(value: str) -> str:
    return NOT_DIGITS.sub("", value)


def full_name(record: dict[str, Any]) -> str:
    return f"{record['firstName'] or ''} {record['lastName'] or ''}".strip()


def _parts(text: str) -> set[str]:
    return {text[start : start + PART] for start in range(len(text) - PART + 1)}


class ValueIndex:
    def __init__(self, field: str) -> None:
        self.field = field
        self._holders: dict[str, set[str]] = {}

    def change(self, record_id: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> None:
        before, after = (lowered(record and record.get(self.field)) for record in (old, new))
        if before and before != after:
            self._holders[before].discard(record_id)
        if after:
            self._holders.setdefault(after, set()).add(record_id)

    def holders(self, value: str) -> list[str]:
        return sorted(self._holders.get(lowered(value), ()))


class TextIndex:
    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = frozenset(fields) | {"cf"}
        self._holders: dict[str, set[str]] = {}

    def change(self, record_id: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> None:
        before, after = self._of(old), self._of(new)
        for part in before - after:
            self._holders[part].discard(record_id)
        for part in after - before:
            self._holders.setdefault(part, set()).add(record_id)

    def _of(self, record: dict[str, Any] | None) -> set[str]:
        return set().union(*map(_parts, self._texts(record))) if record else set()

    def _texts(self, record: dict[str, Any]) -> Iterator[str]:
        for name in self.fields - {"cf"}:
            text = lowered(record.get(name))
            yield text
            if name in PHONES:
                yield digits(text)
        if "lastName" in self.fields:
            yield lowered(full_name(record))
        for value in (record.get("cf") or {}).values():
            yield lowered(value)

    def holders(self, text: str) -> set[str] | frozenset[str] | None:
        """Return the records that may hold a text, None when it is too short to say."""
        found: set[str] | frozenset[str] | None = None
        for holders in sorted((self._holders.get(part, NOBODY) for part in _parts(text)), key=len):
            found = holders if found is None else found & holders
            if not found:
                return NOBODY
        return found
