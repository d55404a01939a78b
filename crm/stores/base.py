from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

from crm.models import CRMObject
from integrations.types import Record, Search


class Store(ABC):
    """The records of one CRM. Every method may raise the errors of `integrations.errors` and nothing else."""

    settle_seconds: float
    """How long after a write a look may still not show it, in seconds."""
    refuses_lost_cards: bool
    """Whether a create that names a card which is gone raises RecordGone, so that nobody needs to check first."""

    can_look: bool = True
    """Whether `look_for` sees a record that is no card; else a person decides about a create whose answer was lost."""
    once_only: bool = False
    """Whether a create may simply be repeated: with a marker that was seen before, nothing new is written."""
    width: int = 1
    """How many requests may be under way at once."""

    @abstractmethod
    def find(self, target: CRMObject, search: Search) -> list[Record]:
        """The customer's records, most recently changed first."""

    @abstractmethod
    def read(self, target: CRMObject, record_id: str) -> Record:
        """One record. Raises RecordGone."""

    @abstractmethod
    def create(self, target: CRMObject, values: Mapping[str, object], marker: str = "") -> Record:
        """Write a new record that `look_for` can find again by its marker or its values."""

    @abstractmethod
    def update(self, target: CRMObject, record_id: str, values: Mapping[str, object]) -> Record:
        """Change a record. Raises RecordGone."""

    @abstractmethod
    def look_for(self, target: CRMObject, marker: str, since: datetime, values: Mapping[str, object]) -> Record | None:
        """The record that a lost `create` may have written since then (UTC), None when it is not there."""

    @abstractmethod
    def validation_errors(self, target: CRMObject, values: Mapping[str, object]) -> dict[str, str]:
        """What would be refused of these values, by API name, without writing them."""
