"""The records of one Desk module, and the late views of them that searches and lists may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any

from fakezoho.index import TextIndex, ValueIndex

Record = dict[str, Any]
Test = Callable[[Record], bool]
WAITING = 256
"""So many writes may wait for the next search or list; if it found more, it would hold up all other requests."""


class View:
    """Records as somebody sees them: each write is seen when its time has come (docs/zoho-facts.md 1.5)."""

    def __init__(self, fields: Iterable[str] = ()) -> None:
        self.published: dict[str, Record] = {}
        self.pending: list[tuple[float, int, str, Record | None]] = []
        self._writes = 0
        self._seen: dict[str, int] = {}
        self._index = TextIndex(fields) if fields else None

    def write(self, due: float, record_id: str, record: Record | None) -> None:
        self._writes += 1
        heappush(self.pending, (due, self._writes, record_id, record))

    def read(self, now: float) -> dict[str, Record]:
        """Return the records visible at ``now``, in order of creation."""
        while self.pending and self.pending[0][0] <= now:
            _, number, record_id, record = heappop(self.pending)
            # Lags change: an early write that comes late does not undo a newer one.
            if self._seen.get(record_id, 0) < number:
                self._seen[record_id] = number
                self._publish(record_id, record)
        return self.published

    def _publish(self, record_id: str, record: Record | None) -> None:
        old = self.published.get(record_id)
        if self._index:
            self._index.change(record_id, old, record)
        if record is None:
            self.published.pop(record_id, None)
            return
        late = old is None and bool(self.published) and record_id < next(reversed(self.published))
        self.published[record_id] = record
        if late:
            # Ids rise, so their order is that of creation.
            self.published = dict(sorted(self.published.items()))

    def covers(self, names: Iterable[str]) -> bool:
        return self._index is not None and self._index.fields.issuperset(names)

    def candidates(self, now: float, texts: Iterable[str]) -> set[str] | None:
        """Return the ids of all records that may hold one of the texts; None when one is too short to say."""
        self.read(now)
        found: set[str] = set()
        for text in texts:
            holders = self._index.holders(text) if self._index else None
            if holders is None:
                return None
            found |= holders
        return found


class Module:
    """Records by id, in order of creation. A change replaces the record: views may still hold the old one."""

    def __init__(self, searched: Iterable[str] = (), keys: Iterable[str] = ()) -> None:
        """Find texts of the fields ``searched`` fast, and whole values of ``keys``."""
        self.records: dict[str, Record] = {}
        self._by_value = {name: ValueIndex(name) for name in keys}
        self.searchable = View(searched)
        self.listable = View()

    def put(self, record: Record, now: float, search_lag: float = 0.0, list_lag: float = 0.0) -> None:
        self._write(record["id"], record, now, search_lag, list_lag)

    def remove(self, record_id: str, now: float, search_lag: float = 0.0, list_lag: float = 0.0) -> None:
        self._write(record_id, None, now, search_lag, list_lag)

    def _write(self, record_id: str, new: Record | None, now: float, search_lag: float, list_lag: float) -> None:
        old = self.records.pop(record_id, None) if new is None else self.records.get(record_id)
        if new is not None:
            self.records[record_id] = new
        for index in self._by_value.values():
            index.change(record_id, old, new)
        for view, lag in ((self.searchable, search_lag), (self.listable, list_lag)):
            view.write(now + lag, record_id, new)
            if len(view.pending) > WAITING:
                view.read(now)

    def having(self, field: str, value: str) -> list[Record]:
        """Return the records with this value, in whatever case, in order of creation."""
        return [self.records[record_id] for record_id in self._by_value[field].holders(value)]

    def first(self, test: Test) -> Record | None:
        return next((record for record in self.records.values() if test(record)), None)
