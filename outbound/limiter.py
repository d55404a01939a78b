"""How fast we may ask: one budget per organisation, shared by every process that asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TypeVar

Ready = TypeVar("Ready")


class RateLimiter(ABC):
    """The budget of one organisation at its vendor."""

    width = 1
    """How many requests may be under way at once, beside those for which a person waits."""

    @abstractmethod
    def slot(self, prepare: Callable[[], Ready], *, foreground: bool) -> AbstractContextManager[Ready]:
        """Hold one of the organisation's concurrent places for the request that `prepare` makes ready meanwhile.

        Raises Throttled when none is free. A request that ends in OutcomeUnknown may still run at the vendor.
        """

    @abstractmethod
    def observe(self, *, remaining: int | None) -> None:
        """Note what the vendor's headers said of the day's credits."""

    @abstractmethod
    def hold(self, until: datetime | None) -> None:
        """Note that the vendor refused for going too fast: nobody asks before `until` (UTC, None: a moment)."""


class Unlimited(RateLimiter):
    """No budget: for requests that belong to no organisation yet, and for tests."""

    @contextmanager
    def slot(self, prepare: Callable[[], Ready], *, foreground: bool) -> Iterator[Ready]:
        yield prepare()

    def observe(self, *, remaining: int | None) -> None:
        return

    def hold(self, until: datetime | None) -> None:
        return
