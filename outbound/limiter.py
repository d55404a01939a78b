from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TypeVar

Ready = TypeVar("Ready")


class RateLimiter(ABC):
    """How fast we may ask: the budget of one organisation at its vendor, shared by every process that asks."""

    width = 1
    """How many requests may be under way at once, beside those for which a person waits."""

    @abstractmethod
    def slot(self, prepare: Callable[[], Ready], *, foreground: bool) -> AbstractContextManager[Ready]:
        """Hold a place. Raises Throttled when none is free. After OutcomeUnknown the request may still run there."""

    @abstractmethod
    def observe(self, *, remaining: int | None) -> None:
        """Note what the vendor's headers said of the day's credits."""

    @abstractmethod
    def hold(self, until: datetime | None) -> None:
        """Note that the vendor refused for going too fast: nobody asks before `until` (UTC, None: a moment)."""


class Unlimited(RateLimiter):
    @contextmanager
    def slot(self, prepare: Callable[[], Ready], *, foreground: bool) -> Iterator[Ready]:
        yield prepare()

    def observe(self, *, remaining: int | None) -> None:
        return

    def hold(self, until: datetime | None) -> None:
        return
