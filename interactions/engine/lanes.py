"""How many workers may serve one connection at once, so that a slow one does not take them all.

The places live in the cache and expire: losing them costs fairness for a moment, never a delivery.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

LANES = 8
SLOW_LANES = 1
LANE_SECONDS = 90
SLOW_SECONDS = 60


@contextmanager
def lane(method_id: int | None) -> Iterator[bool]:
    """Hold one of the connection's places; False when all are taken."""
    width = SLOW_LANES if cache.get(_slow(method_id)) else LANES
    mine = next((key for key in _places(method_id, width) if cache.add(key, 1, LANE_SECONDS)), None)
    try:
        yield mine is not None
    finally:
        if mine:
            cache.delete(mine)


def mark_slow(method_id: int | None) -> None:
    """For a while only one worker serves this connection: its vendor answers late or not at all."""
    cache.set(_slow(method_id), 1, SLOW_SECONDS)


def mark_well(method_id: int | None) -> None:
    cache.delete(_slow(method_id))


def _places(method_id: int | None, width: int) -> list[str]:
    return [f"interactions:lane:{method_id or 'local'}:{number}" for number in range(width)]


def _slow(method_id: int | None) -> str:
    return f"interactions:slow:{method_id or 'local'}"
