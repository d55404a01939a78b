from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum, auto
from functools import cached_property
from operator import itemgetter

from telephony.calls.channels import Channel
from telephony.calls.layout import Layout, among
from telephony.calls.numbers import dialled, of_dial_string
from telephony.calls.records import Record


class Side(Enum):
    TRUNK = auto()
    EXTENSION = auto()
    LOCAL = auto()
    NOWHERE = auto()


class Rows:
    """In the order of time, each once; nothing depends on the order in which they were written."""

    def __init__(self, records: Iterable[Record], layout: Layout) -> None:
        self.layout = layout
        self.all = [one for _, one in sorted({one.key: one for one in records}.items(), key=itemgetter(0))]
        self._sides: dict[str, Side] = {}
        self._called: dict[str, datetime] = {}
        self._seen: dict[str, datetime] = {}
        for one in self.all:
            self._seen.setdefault(one.channel.text, one.started)
            if one.peer.text:
                self._called.setdefault(one.peer.text, one.started)

    @cached_property
    def from_customer(self) -> list[Record]:
        """Rows of the channel by which a customer called in, rather than was called by one of ours before."""
        found = []
        for one in self.all:
            if self.side(one.channel) != Side.TRUNK or one.is_of_the_called:
                continue
            called = self._called.get(one.channel.text)
            if called is None or self._seen[one.channel.text] < called:
                found.append(one)
        return found

    @cached_property
    def for_customer(self) -> list[Record]:
        """Rows in which somebody is called for the customer: their own, and those of Local channels behind these."""
        found, behind = list(self.from_customer), {one.peer for one in self.from_customer if one.peer.is_local}
        while behind:
            local = behind.pop()
            new = [] if self.is_consulted(local) else [one for one in self.beyond(local) if one not in found]
            found += new
            behind |= {one.peer for one in new if one.peer.is_local}
        return sorted(found, key=lambda one: one.key)

    @cached_property
    def to_customer(self) -> list[Record]:
        """Rows in which a telephone of the house calls outside; another call of it outside is a consultation."""
        inside = (Side.EXTENSION, Side.LOCAL)
        found = [
            one
            for one in self.all
            if self.side(one.peer) == Side.TRUNK
            and self.side(one.channel) in inside
            and not one.is_of_the_called
            and one.channel.half != "2"
        ]
        return [one for one in found if one.channel == found[0].channel]

    @property
    def has_customer(self) -> bool:
        return bool(self.from_customer or self.to_customer)

    @property
    def first(self) -> Record:
        return (self.from_customer or self.to_customer)[0]

    @property
    def lines(self) -> str:
        return ", ".join(map(str, sorted({one.line for one in self.all})))

    def side(self, channel: Channel) -> Side:
        known = self._sides.get(channel.text)
        if known is None:
            known = self._sides[channel.text] = self._side(channel)
        return known

    def was_called(self, channel: Channel) -> bool:
        return channel.text in self._called

    def who(self, channel: Channel) -> str:
        """An extension, or the number that was called outside."""
        if self.side(channel) != Side.TRUNK:
            return channel.who
        row = next((one for one in self.all if one.peer == channel and channel.who in one.data), None)
        if row is None:
            return ""
        if self.side(row.channel) == Side.TRUNK:  # sent on: the number that the caller had dialled is the house's own
            return of_dial_string(row.data)
        return dialled(row.destination, row.data, self.layout.outside_prefix)

    def telephones(self, channel: Channel) -> list[str]:
        if channel.is_local:
            return [one.peer.who for one in self.beyond(channel) if one.peer.who] or [channel.who]
        return [channel.who] if self.side(channel) == Side.EXTENSION else []

    def beyond(self, local: Channel) -> list[Record]:
        """The rows in which the other half of a Local channel calls on."""
        return [one for one in self.all if one.channel.half == "2" and one.channel.pair == local.pair]

    def is_consulted(self, local: Channel) -> bool:
        """Whether an agent, not the customer, called through this Local channel."""
        return any(one.peer == local and self.side(one.channel) == Side.EXTENSION for one in self.all)

    @cached_property
    def of_agents(self) -> list[Record]:
        return [
            one
            for one in self.all
            if one.peer.text
            and self.side(one.channel) == Side.EXTENSION
            and not one.is_of_the_called
            and not one.is_conference
        ]

    def _side(self, channel: Channel) -> Side:
        """By the settings, by the context in which it called, by its name: telephones have short numbers."""
        layout, name = self.layout, channel.who
        if channel.is_local:
            return Side.LOCAL
        if not name:
            return Side.NOWHERE
        if among(name, layout.trunks):
            return Side.TRUNK
        if name in layout.extensions:
            return Side.EXTENSION
        calls = [one for one in self.all if one.channel == channel and not one.is_of_the_called]
        if calls and layout.pattern:
            column, expression = layout.pattern
            is_outbound = expression.search(calls[0].columns.get(column, ""))
            return Side.EXTENSION if is_outbound else Side.TRUNK
        if any(among(one.context, layout.inbound) for one in calls):
            return Side.TRUNK
        if layout.trunks or layout.is_short(name) or self._calls_like_a_telephone(name, calls):
            return Side.EXTENSION
        return Side.TRUNK

    def _calls_like_a_telephone(self, name: str, calls: list[Record]) -> bool:
        """A telephone that has a name calls in a context of telephones, and nobody but other trunks."""
        others = [one.peer for one in calls if one.peer.text]
        return bool(others) and all(
            among(one.context, self.layout.outbound)
            and not one.peer.is_local
            and not self.layout.is_short(one.peer.who)
            and one.peer.who != name
            for one in calls
            if one.peer.text
        )
