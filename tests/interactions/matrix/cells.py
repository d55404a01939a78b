"""The cells of the crash matrix: where a worker stands in its batch, what happens there, how late lists are."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

POINTS = (
    "claimed, not loaded",
    "rendered, not begun",
    "begun, not sent",
    "sent, not answered",
    "answered, not noted",
    "some noted, others not",
    "during a look",
    "during an update",
)
FAULTS = (
    "child killed", "worker killed", "broker restarted", "Redis flushed", "PostgreSQL restarted", "Zoho gone",
)  # fmt: skip
LAGS = {"0": 0, "60 s": 60, "10 min": 600}
"""Seconds until a list or a search shows what was written."""
BATCH = 20
GOOD = f"{BATCH}/{BATCH}, 0 double"
SETTLE, MET = "settle", "met"
"""The file that tells the worker how long what was written may not show; the directory of faults that are met."""
FASTER = 30
"""What only passes, passes so many times faster: leases, waits, the lag and the time that waits it out."""
GONE_SECONDS = 120
SLACK_SECONDS = 120
"""How much longer than the lag a look waits before it says that nothing is there."""


class Cell(NamedTuple):
    point: str
    fault: str
    lag: str

    @property
    def lag_seconds(self) -> float:
        return LAGS[self.lag] / FASTER

    @property
    def settle_seconds(self) -> float:
        return (LAGS[self.lag] + SLACK_SECONDS) / FASTER


ALL = tuple(Cell(point, fault, lag) for lag, point, fault in product(LAGS, POINTS, FAULTS))


def some(seed: int, count: int = 20) -> list[Cell]:
    return random.Random(seed).sample(ALL, count)


def put_file(path: Path, text: str) -> None:
    """At once: nobody finds it empty."""
    fresh = path.with_suffix(".fresh")
    fresh.write_text(text)
    fresh.rename(path)


def hurry(put: Callable[[object, str, Any], None]) -> None:
    """Let all that only passes pass faster, in this process; `put` is setattr or what takes it back."""
    from crm.customers import claims
    from interactions.delivery import journal
    from interactions.queue import backoff, claim, wakeup
    from interactions.worker import concurrency
    from outbound import deadline, redis_limiter

    lease: timedelta = backoff.LEASE / FASTER
    for module in (backoff, claim, journal):
        put(module, "LEASE", lease)
    for module in (backoff, journal):
        put(module, "LEAST_LEASE", lease / 2)
    put(claims, "LEASE", 2 * lease)
    for waits in ("RETRIES_SECONDS", "LOOKS_SECONDS", "SHARED_CARD_SECONDS"):
        put(backoff, waits, tuple(seconds / FASTER for seconds in getattr(backoff, waits)))
    put(deadline, "SECONDS", deadline.SECONDS / FASTER)
    put(concurrency, "LEASE_SECONDS", 1)  # the cache counts whole seconds
    put(concurrency, "RENEW_SECONDS", 0.1)
    put(wakeup, "COALESCE_SECONDS", 1)
    put(wakeup, "AWAY_SECONDS", wakeup.AWAY_SECONDS / FASTER)
    put(redis_limiter, "FORGOTTEN_SECONDS", 0.5)
    defaults = redis_limiter.RedisRateLimiter.__init__.__kwdefaults__ or {}
    put(redis_limiter.RedisRateLimiter.__init__, "__kwdefaults__", defaults | {"lease": 1.0})
