"""Delivers what is due at one connection for a while: the same work, whoever's hands do it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from interactions.engine import claim
from interactions.engine.deliver import deliver
from interactions.engine.tour import Tour

SLOW_SECONDS = 2.0
"""A connection is slow when its deliveries take longer than this, each; several requests to a usual vendor do not."""
MOST_TROUBLES = 2
"""Unreachable or unanswered so many times running: the rest need not find that out one by one."""


class Shift(NamedTuple):
    """How it went: how many deliveries were tried, and what they tell of the connection."""

    tried: int
    in_trouble: bool
    is_slow: bool


def work(method_id: int | None, seconds: float, on_more: Callable[[], None] = lambda: None) -> Shift:
    """Claim and deliver for so many seconds, and the length of one delivery more; what is not begun goes back.

    `on_more` is called when there is probably work for another pair of hands. Raises what `deliver` lets through.
    """
    tour, began, tried, troubles = Tour(), time.monotonic(), 0, 0

    def goes_on() -> bool:
        return troubles < MOST_TROUBLES and time.monotonic() - began < seconds

    while goes_on() and (claims := claim.take(method_id, most := claim.BATCH if tried else claim.FIRST)):
        if len(claims) == most:
            on_more()
        tour.add(claims)
        while claims and goes_on():
            verdict = deliver(claims.pop(0), tour)
            troubles = troubles + 1 if verdict and verdict.is_trouble else 0
            tried += 1
        claim.give_back(claims)
    slow = bool(troubles) or time.monotonic() - began > max(tried, 1) * SLOW_SECONDS
    return Shift(tried, in_trouble=troubles >= MOST_TROUBLES, is_slow=slow)
