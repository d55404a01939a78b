"""When a row began, was answered and ended, in UTC, where local times and clocks leave it open."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from telephony.cdr.errors import BadLine

SECOND_60 = re.compile(r":60(?=\.|$|[+Z-])")
"""A leap second, or a clock that was set."""
SECONDS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
"""Thirty years have nine digits."""
EPOCH = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?")
OF_UNIQUE_ID = re.compile(r"(?:.*-)?([0-9]{9,10})\.[0-9]+")
NOTHING = timedelta()


class Times(NamedTuple):
    started: datetime
    answered: datetime | None
    ended: datetime
    spoken: timedelta


def times(columns: dict[str, str], zone: tzinfo, *, is_answered: bool) -> Times:
    """Unique id and durations decide an hour that comes twice, durations where the clock was set. Raises BadLine."""
    started = moment("start", columns.get("start", ""), zone, columns.get("uniqueid", ""))
    if started is None:
        raise BadLine("it has no start")
    given, spoken = seconds("duration", columns.get("duration", "")), seconds("billsec", columns.get("billsec", ""))
    counted = max(spoken or NOTHING, NOTHING)
    expected = started + max(given or NOTHING, counted)
    ended = moment("end", columns.get("end", ""), zone, expected) or expected
    answered = moment("answer", columns.get("answer", ""), zone, ended - counted)
    if answered is None and is_answered:
        answered = max(started, ended - counted)
    if ended < started or (answered and not started <= answered <= ended):
        ended = expected
        answered = max(started, ended - counted) if answered else None
    if spoken is None and answered:
        counted = ended - answered
    return Times(started, answered, ended, counted)


def moment(name: str, text: str, zone: tzinfo, near: datetime | str) -> datetime | None:
    """A time; of two that the same words may mean, the one nearest to `near`. Raises BadLine."""
    if not text or text.startswith("0000"):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return _odd(name, text, zone, near)
    if read.tzinfo:
        return read.astimezone(UTC)
    first, second = _offsets(text[:15], zone)
    earlier = (read - first).replace(tzinfo=UTC)
    if first == second:
        return earlier
    later = (read - second).replace(tzinfo=UTC)
    if isinstance(near, str):
        begun = OF_UNIQUE_ID.fullmatch(near)
        near = datetime.fromtimestamp(int(begun[1]), UTC) if begun else earlier
    return min(earlier, later, key=lambda one: abs(one - near))


def seconds(name: str, text: str) -> timedelta | None:
    if not text:
        return None
    if text.isdecimal() and len(text) < 10:
        return timedelta(seconds=int(text))
    if not SECONDS.fullmatch(text):
        raise BadLine(f"{name} is not a number of seconds")
    return timedelta(seconds=float(text))


@lru_cache(1_024)
def _offsets(ten_minutes: str, zone: tzinfo) -> tuple[timedelta, timedelta]:
    """From UTC, of a local time in its summer and its winter meaning. No zone changes within ten minutes."""
    begin = datetime.fromisoformat(f"{ten_minutes}0")
    first, second = (begin.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first or NOTHING, second or NOTHING


def _odd(name: str, text: str, zone: tzinfo, near: datetime | str) -> datetime | None:
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    if SECOND_60.search(text):
        before = moment(name, SECOND_60.sub(":59", text), zone, near)
        return before + timedelta(seconds=1) if before else None
    raise BadLine(f"{name} is not a time like 2026-11-23 09:30:00")
