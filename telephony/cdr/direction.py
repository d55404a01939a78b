"""Which way a call went. A CDR does not say; its context does, or a pattern that the administrator sets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from crm.vocabulary import Direction
from telephony.cdr.rows import BadLine, Row

INBOUND = (
    "from-trunk*", "from-pstn*", "from-did*", "from-dahdi*", "from-zaptel*", "ext-did*", "ext-queues*", "ext-group*",
    "ivr-*", "incoming*", "inbound*",
)  # fmt: skip
OUTBOUND = ("from-internal*", "outbound-allroutes*", "outrt-*", "macro-dialout-trunk*", "outgoing*", "outbound*")
"""Contexts of FreePBX, and names that people give their own."""
LONGEST_EXTENSION = 5
"""Digits of an internal number."""
COLUMN = re.compile(r"([a-z]+)=(.+)", re.DOTALL)


@dataclass(frozen=True)
class Directions:
    """How the direction of a row is told. `column` and `pattern`: outbound where they match, else inbound."""

    inbound: Sequence[str] = INBOUND
    outbound: Sequence[str] = OUTBOUND
    column: str = "dst"
    pattern: re.Pattern[str] | None = None

    def of(self, row: Row) -> Direction | None:
        """The direction; None for a call between two extensions. Raises BadLine when nothing tells it."""
        if _internal(row["src"]) and _internal(row["dst"]):
            return None
        if self.pattern:
            return Direction.OUTBOUND if self.pattern.search(row[self.column]) else Direction.INBOUND
        context = row["dcontext"].lower()
        if _among(context, self.inbound):
            return Direction.INBOUND
        if _among(context, self.outbound):
            return Direction.OUTBOUND
        raise BadLine(
            f"its context {row['dcontext']!r} is neither inbound nor outbound: name it with --inbound-context or "
            "--outbound-context, or set --outbound-pattern"
        )


def pattern_of(text: str) -> tuple[str, re.Pattern[str]]:
    """Column and regular expression of `COLUMN=REGEX`, or of a bare REGEX for `dst`. Raises ValueError."""
    found = COLUMN.fullmatch(text)
    column, expression = (found[1], found[2]) if found else ("dst", text)
    try:
        return column, re.compile(expression)
    except re.error as error:
        raise ValueError(f"{expression!r} is not a regular expression: {error}.") from None


def _among(context: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(context, pattern.lower()) for pattern in patterns)


def _internal(number: str) -> bool:
    return number.isdecimal() and len(number) <= LONGEST_EXTENSION
