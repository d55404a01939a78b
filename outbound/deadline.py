"""Until when a write may leave: while this machine was paused, others may have looked, found nothing and written."""

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
    kind = "too_late"


class Deadline:
    """So many seconds from now, by whichever clock moves most: some stand still while the machine sleeps."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = SECONDS if seconds is None else seconds
        self._taken_at = clocks()

    @property
    def is_over(self) -> bool:
        return any(now - then >= self._seconds for now, then in zip(clocks(), self._taken_at, strict=True))


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(deadline: Deadline | None) -> Iterator[None]:
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


def check() -> None:
    deadline = _current.get()
    if deadline and deadline.is_over:
        raise TooLate(STOOD_STILL)


def clocks() -> tuple[float, float, float]:
    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # with sleep included; Linux alone has it
    return time.monotonic(), time.clock_gettime(boot), time.time()
