"""How fast we may ask: one budget per organisation, shared by every process that asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager


class Pace(ABC):
    """The budget of one organisation at its vendor."""

    @abstractmethod
    def slot(self, *, foreground: bool) -> AbstractContextManager[None]:
        """Hold one of the organisation's concurrent places for one request. Raises Throttled when none frees up."""

    @abstractmethod
    def observe(self, *, remaining: int | None, weight: int | None) -> None:
        """Note what the vendor's headers said of the day's credits."""
