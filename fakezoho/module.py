"""The records of one Desk module, and the late views of them that searches and lists may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Record = dict[str, Any]


class View:
    """Records as an index knows them: each write is seen when its time has come (ZOHO.md 1.5)."""

    def __init__(self) -> None:
        self.published: dict[str, Record] = {}
        self.pending: list[tuple[float, str, Record | None]] = []

    def write(self, due: float, record_id: str, record: Record | None) -> None:
        self.pending.append((due, record_id, record))

    def read(self, now: float) -> dict[str, Record]:
        """The records visible at ``now``. Order is that of creation."""
        if self.pending:
            self._publish(now)
        return self.published

    def _publish(self, now: float) -> None:
        waiting = []
        for due, record_id, record in self.pending:
            if due > now:
                waiting.append((due, record_id, record))
            elif record is None:
                self.published.pop(record_id, None)
            else:
                self.published[record_id] = record
        self.pending = waiting


class Module:
    """Records by id, in order of creation. A change replaces the record: views may still hold the old one."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.searchable = View()
        self.listable = View()

    def put(self, record: Record, now: float, search_lag: float = 0.0, list_lag: float = 0.0) -> None:
        self.records[record["id"]] = record
        self.searchable.write(now + search_lag, record["id"], record)
        self.listable.write(now + list_lag, record["id"], record)

    def remove(self, record_id: str, now: float, search_lag: float = 0.0, list_lag: float = 0.0) -> None:
        self.records.pop(record_id, None)
        self.searchable.write(now + search_lag, record_id, None)
        self.listable.write(now + list_lag, record_id, None)

    def first(self, test: Callable[[Record], bool]) -> Record | None:
        return next((record for record in self.records.values() if test(record)), None)
