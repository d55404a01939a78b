"""Our mark on what we write: Zoho Desk has no idempotency key, so this settles a lost answer (docs/zoho-facts.md 4.5).

The marker stands in brackets at the end of the subject, which every list shows, and in a single-line custom field
where the portal has one, which survives an agent's edit of the subject.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELD = "cf_deskline_marker"
AT_END = re.compile(r"\[([A-Za-z0-9][A-Za-z0-9-]{3,40})\]$")


def mark(subject: str, marker: str, longest: int) -> str:
    suffix = f"[{marker}]" if marker else ""
    if subject.endswith(suffix):
        subject = subject[: len(subject) - len(suffix)]
    room = longest - len(suffix) - 1 if suffix else longest
    return f"{_cut(subject, room).strip()} {suffix}".strip()


def _cut(text: str, longest: int) -> str:
    """Cut by UTF-16 units, of which an emoji has two: whether Zoho counts these or characters is not said."""
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * longest]
    return units.decode("utf-16-le", "ignore")


def marker_of(values: Mapping[str, object]) -> str:
    """The marker that a record carries at the end of its subject, "" without one."""
    found = AT_END.search(str(values.get("subject") or "").strip())
    return found[1] if found else ""


def carries(values: Mapping[str, object], marker: str) -> bool:
    """Whether the record is the one of this marker: exactly it, in the subject or in our field."""
    return bool(marker) and marker in (marker_of(values), str(values.get(FIELD) or "").strip())
