"""Rows of one call find each other, in whatever order they come."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
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
    names: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """From when to when each channel was seen."""

    def saw(self, name: str, began: datetime, ended: datetime) -> None:
        first, last = self.names.get(name, (began, ended))
        self.names[name] = min(first, began), max(last, ended)

    unique_ids: dict[str, str] = field(default_factory=dict)
    """By channel: another one with the same name has another."""

    @property
    def is_whole(self) -> bool:
        """Whether no row is missing for certain: of a Local channel both halves are told."""
        calling_on = {one.channel.pair for one in self.records if one.channel.half == "2"}
        dialled = {one.channel.pair for one in self.records if one.channel.half == "1"}
        dialled |= {one.peer.pair for one in self.records if one.peer.half == "1"}
        return calling_on == dialled


class Joiner:
    def __init__(self, window: int = WINDOW, clock: Callable[[], float] = time.monotonic) -> None:
        self._window = window
        self._clock = clock
        self._open: OrderedDict[Call, float] = OrderedDict()
        """With the time of the last row, that of the longest ago first."""
        self._by_id: dict[str, Call] = {}
        self._by_name: dict[str, list[Call]] = {}

    def add(self, record: Record) -> Iterator[Call]:
        """Take a row; gives the calls that were not heard of for longest."""
        names = [channel.pair for channel in (record.channel, record.peer) if channel.pair]
        call = self._merged(list(dict.fromkeys(self._calls_of(record, names))))
        call.records.append(record)
        call.unique_ids[record.channel.text] = record.unique_id
        for text in (record.unique_id, record.linked_id):
            if text:
                call.ids.add(text)
                self._by_id[text] = call
        for name in names:
            call.saw(name, record.started, record.ended)
            holders = self._by_name.setdefault(name, [])
            if call not in holders:
                holders.append(call)
        self._open[call] = self._clock()
        self._open.move_to_end(call)
        while len(self._open) > self._window:
            yield self._released(next(iter(self._open)))

    def quiet(self, seconds: float, at_most: float) -> Iterator[Call]:
        """Whole calls that were not heard of for so many seconds, and all others after `at_most` seconds."""
        now = self._clock()
        for call, heard in list(self._open.items()):
            if now - heard < seconds:
                return
            if call.is_whole or now - heard >= at_most:
                yield self._released(call)

    def rest(self) -> Iterator[Call]:
        while self._open:
            yield self._released(next(iter(self._open)))

    def _calls_of(self, record: Record, names: list[str]) -> Iterator[Call]:
        """The open calls of which it is a row."""
        for text in (record.unique_id, record.linked_id):
            if call := self._by_id.get(text):
                yield call
        for name in names:
            for call in self._by_name.get(name, ()):
                known = call.unique_ids.get(record.channel.text)
                if known and record.unique_id and known != record.unique_id:
                    continue
                begin, end = call.names[name]
                if record.started <= end + TOUCHING and begin <= record.ended + TOUCHING:
                    yield call

    def _merged(self, calls: list[Call]) -> Call:
        first, *others = calls or [Call()]
        for other in others:
            self._released(other)
            first.records += other.records
            first.ids |= other.ids
            first.unique_ids |= other.unique_ids
            for text in other.ids:
                self._by_id[text] = first
            for name, span in other.names.items():
                first.saw(name, *span)
                holders = self._by_name.setdefault(name, [])
                if first not in holders:
                    holders.append(first)
        return first

    def _released(self, call: Call) -> Call:
        del self._open[call]
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
