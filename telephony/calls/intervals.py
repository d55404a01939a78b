from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time, without overlaps, in order."""
    result: list[Interval] = []
    for begin, end in sorted(intervals):
        if result and begin <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        elif end > begin:
            result.append((begin, end))
    return result


def common(some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    others = list(others)
    return joined((max(a, c), min(b, d)) for a, b in some for c, d in others if max(a, c) < min(b, d))


def length(intervals: Iterable[Interval]) -> timedelta:
    return sum((end - begin for begin, end in joined(intervals)), timedelta())
