"""Until when a write may leave: taken when it was noted, checked last of all, when its first byte would go out.

A process can stand still at any place (a paused machine, a laptop that sleeps), and go on when somebody else has
looked, found nothing and written. So whoever comes too late sends nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from outbound.errors import NotSent
from outbound.reasons import STOOD_STILL

SECONDS = 20.0
"""How long after it was noted a write may still leave. Whoever looks for it counts on that."""


class TooLate(NotSent):
    """The time for this write is over, and nothing of it was sent."""

    kind = "too_late"


class Deadline:
    """So many seconds from now, by whichever clock moves most: some stand still while the machine sleeps."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = SECONDS if seconds is None else seconds
        self._taken_at = _clocks()

    @property
    def is_over(self) -> bool:
        return any(now - then >= self._seconds for now, then in zip(_clocks(), self._taken_at, strict=True))


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(deadline: Deadline | None) -> Iterator[None]:
    """Nothing that is sent in here leaves after the deadline."""
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


def check() -> None:
    """Raises TooLate."""
    deadline = _current.get()
    if deadline and deadline.is_over:
        raise TooLate(STOOD_STILL)


def _clocks() -> tuple[float, float, float]:
    """Monotonic, since boot with sleep included, and the clock on the wall."""
    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # Linux alone has it
    return time.monotonic(), time.clock_gettime(boot), time.time()
