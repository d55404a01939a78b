"""When a row began, was answered and ended, in UTC, where local times and clocks leave it open."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from telephony.cdr.errors import BadLine

SECOND_60 = re.compile(r":60(?=\.|$|[+Z-])")
"""A leap second, or a clock that was set."""
SECONDS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
"""Thirty years have nine digits."""
EPOCH = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?")
OF_UNIQUE_ID = re.compile(r"(?:.*-)?([0-9]{9,10})\.[0-9]+")
STEP = timedelta(seconds=2)
"""Stamps are cut to whole seconds, each for itself: only more than this contradicts."""


class Times(NamedTuple):
    started: datetime
    answered: datetime | None
    ended: datetime
    spoken: timedelta


def times(columns: dict[str, str], zone: tzinfo, *, is_answered: bool) -> Times:
    """Raises BadLine. An hour that comes twice is told apart by the unique id's second and by the durations; where
    stamps contradict each other because the clock was set, the durations count.
    """
    begun = OF_UNIQUE_ID.fullmatch(columns.get("uniqueid", ""))
    near = datetime.fromtimestamp(int(begun[1]), UTC) if begun else None
    started = moment("start", columns.get("start", ""), zone, near)
    if started is None:
        raise BadLine("it has no start")
    given, spoken = seconds("duration", columns.get("duration", "")), seconds("billsec", columns.get("billsec", ""))
    total = max(given or timedelta(), spoken or timedelta(), timedelta())
    expected = started + total
    ended = moment("end", columns.get("end", ""), zone, expected) or expected
    counted = max(spoken or timedelta(), timedelta())
    answered = moment("answer", columns.get("answer", ""), zone, ended - counted)
    if answered is None and is_answered:
        answered = max(started, ended - counted)
    if ended < started or (answered and not started <= answered <= ended):
        ended = expected
        answered = max(started, ended - counted) if answered else None
    if spoken is None and answered:
        counted = ended - answered
    return Times(started, answered, ended, counted)


def moment(name: str, text: str, zone: tzinfo, near: datetime | None) -> datetime | None:
    """A time; of two that the same words may mean, the one nearest to `near`. Raises BadLine."""
    if not text or text.startswith("0000"):
        return None
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    added = timedelta()
    if SECOND_60.search(text):
        text, added = SECOND_60.sub(":59", text), timedelta(seconds=1)
    try:
        read = datetime.fromisoformat(text) + added
    except ValueError:
        raise BadLine(f"{name} is not a time like 2026-11-23 09:30:00") from None
    if read.tzinfo:
        return read.astimezone(UTC)
    first, second = (read.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first == second or near is None or abs(first - near) <= abs(second - near) else second


def seconds(name: str, text: str) -> timedelta | None:
    """Raises BadLine."""
    if not text:
        return None
    if not SECONDS.fullmatch(text):
        raise BadLine(f"{name} is not a number of seconds")
    return timedelta(seconds=float(text))
