"""Rows of one call find each other, in whatever order they come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telephony.calls.records import Record

WINDOW = 2_000
"""Calls that may still get another row; rows of one call lie close together."""
TOUCHING = timedelta(seconds=5)
"""Names of channels begin anew when the telephone system restarts: only rows this close speak of the same channel."""


@dataclass(eq=False)
class Call:
    records: list[Record] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    names: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    """When each channel was seen."""
    unique_ids: dict[str, str] = field(default_factory=dict)
    """By channel: another one with the same name has another."""


class Joiner:
    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._open: OrderedDict[int, Call] = OrderedDict()
        self._by_id: dict[str, Call] = {}
        self._by_name: dict[str, list[Call]] = {}

    def add(self, record: Record) -> Iterator[Call]:
        """Take a row; gives the calls that were not heard of for longest."""
        ids = {text for text in (record.unique_id, record.linked_id) if text}
        names = {channel.pair for channel in (record.channel, record.peer) if channel.text}
        span = record.started, record.ended
        known = {id(call): call for text in ids if (call := self._by_id.get(text))}
        for name in names:
            for call in self._by_name.get(name, ()):
                if not _contradict(record, call) and any(_touch(span, other) for other in call.names[name]):
                    known[id(call)] = call
        call = self._merged(sorted(known.values(), key=lambda one: one.records[0].key))
        call.records.append(record)
        call.ids |= ids
        call.unique_ids[record.channel.text] = record.unique_id
        for text in ids:
            self._by_id[text] = call
        for name in names:
            call.names.setdefault(name, []).append(span)
            holders = self._by_name.setdefault(name, [])
            if call not in holders:
                holders.append(call)
        self._open[id(call)] = call
        self._open.move_to_end(id(call))
        while len(self._open) > self._window:
            yield self._released(next(iter(self._open.values())))

    def rest(self) -> Iterator[Call]:
        while self._open:
            yield self._released(next(iter(self._open.values())))

    def _merged(self, calls: list[Call]) -> Call:
        if not calls:
            return Call()
        first, *others = calls
        for other in others:
            self._released(other)
            first.records += other.records
            first.ids |= other.ids
            first.unique_ids |= other.unique_ids
            for text in other.ids:
                self._by_id[text] = first
            for name, spans in other.names.items():
                first.names.setdefault(name, []).extend(spans)
                holders = self._by_name.setdefault(name, [])
                if first not in holders:
                    holders.append(first)
        return first

    def _released(self, call: Call) -> Call:
        del self._open[id(call)]
        for text in call.ids:
            if self._by_id.get(text) is call:
                del self._by_id[text]
        for name in call.names:
            holders = self._by_name[name]
            holders.remove(call)
            if not holders:
                del self._by_name[name]
        return call


def joined(records: Iterable[Record]) -> Iterator[Call]:
    joiner = Joiner()
    for record in records:
        yield from joiner.add(record)
    yield from joiner.rest()


def _contradict(record: Record, call: Call) -> bool:
    known = call.unique_ids.get(record.channel.text)
    return bool(known and record.unique_id and known != record.unique_id)


def _touch(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] <= other[1] + TOUCHING and other[0] <= one[1] + TOUCHING
