from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

INBOUND = (
    "from-trunk*", "from-pstn*", "from-did*", "from-dahdi*", "from-zaptel*", "from-sip-external*", "ext-did*",
    "incoming*", "inbound*",
)  # fmt: skip
"""Contexts in which calls come in from outside: FreePBX's, and names that people give their own."""
OUTBOUND = ("from-internal*", "outbound-allroutes*", "outrt-*", "macro-dialout-trunk*", "outgoing*", "outbound*")
"""Contexts in which telephones call."""
CLOSED = ("*closed*", "*after-hours*", "*afterhours*", "*night*", "*holiday*", "timeconditions*", "app-daynight*")
"""Contexts in which a call ends outside the hours."""


@dataclass(frozen=True)
class Layout:
    """The settings of a source. Trunks (names without technology) and contexts may hold `*`."""

    trunks: Sequence[str] = ()
    extensions: frozenset[str] = frozenset()
    """Telephones that a name tells, beside the short numbers."""
    longest_extension: int = 5
    """Digits of an internal number."""
    outside_prefix: str = ""
    inbound: Sequence[str] = INBOUND
    outbound: Sequence[str] = OUTBOUND
    closed: Sequence[str] = CLOSED
    pattern: tuple[str, re.Pattern[str]] | None = None
    """A column and what it matches in rows of calls to the outside; all others come from there."""

    def is_short(self, name: str) -> bool:
        return name.isdecimal() and len(name) <= self.longest_extension


def among(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
