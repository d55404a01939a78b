"""How fast we may ask: one budget per organisation, shared by every process that asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime


class Pace(ABC):
    """The budget of one organisation at its vendor."""

    @abstractmethod
    def slot(self, *, foreground: bool) -> AbstractContextManager[None]:
        """Hold one of the organisation's concurrent places for a request. Raises Throttled when none is free."""

    @abstractmethod
    def observe(self, *, remaining: int | None, weight: int | None) -> None:
        """Note what the vendor's headers said of the day's credits."""

    @abstractmethod
    def hold(self, until: datetime | None) -> None:
        """Note that the vendor refused for going too fast: nobody asks before `until` (UTC, None: a moment)."""


class Unpaced(Pace):
    """No budget: for requests that belong to no organisation yet, and for tests."""

    @contextmanager
    def slot(self, *, foreground: bool) -> Iterator[None]:
        yield

    def observe(self, *, remaining: int | None, weight: int | None) -> None:
        return

    def hold(self, until: datetime | None) -> None:
        return
