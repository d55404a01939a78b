"""Calls between telephones of the house: who makes one meanwhile has put the customer on hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from telephony.calls.intervals import Interval
from telephony.calls.records import Record
from telephony.calls.rows import Rows, Side

MOST_EACH, MOST_TELEPHONES = 50, 10_000


class Beside:
    def __init__(self) -> None:
        self._rows: dict[str, deque[Record]] = {}

    def add(self, rows: Rows) -> None:
        if len(self._rows) > MOST_TELEPHONES:
            self._rows.clear()
        for one in rows.all:
            if rows.side(one.channel) == Side.EXTENSION:
                self._rows.setdefault(one.channel.who, deque(maxlen=MOST_EACH)).append(one)

    def elsewhere(self, who: str) -> Iterator[Interval]:
        """When this telephone called another one."""
        for one in self._rows.get(who, ()):
            yield one.started, one.ended
