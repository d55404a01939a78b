"""A whole file: streamed, kept in batches, repeatable; what cannot be read is named and the rest goes in."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from django.db import DatabaseError

from interactions.actions.accept import accept_each
from interactions.actions.changes import ChangeRefused
from interactions.actions.revision import changes_of, revise, withdraw
from interactions.api.schemas import InteractionIn
from interactions.models import DeletedInteraction
from telephony.calls.beside import Beside
from telephony.calls.joining import Call, Joiner
from telephony.calls.layout import Layout
from telephony.calls.reading import summary
from telephony.calls.rows import Rows
from telephony.cdr.errors import BadLine
from telephony.cdr.interaction import interaction_of
from telephony.cdr.keeping import Kept, is_complete, is_deleted, kept_of, main_of, parts_of
from telephony.cdr.lines import Lines
from telephony.cdr.reading import Complain, records
from telephony.cdr.rows import reference
from telephony.cdr.tally import Tally
from telephony.recordings import Link, where_it_lies

BATCH = 500
"""Calls that are kept at once."""
ALLOCATIONS = 100_000
"""Between two looks for circles; Python's own 700 is for programs that make many."""


def ignored(told: object) -> None:
    """For whoever wants to know nothing of it."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Rows refer to nothing in circles: to look for circles as often as Python does costs an eighth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(frozen=True)
class Source:
    """Where calls come from, and what is peculiar to it. `agents`: usernames by extension."""

    name: str
    zone: tzinfo
    layout: Layout = field(default_factory=Layout)
    agents: Mapping[str, str] = field(default_factory=dict)
    link: Link = field(default=where_it_lies(""))


@dataclass
class Import:
    source: Source
    complain: Complain
    revises: bool = False
    is_trial: bool = False
    """Nothing is kept; `show` is told what would change."""
    show: Callable[[str], object] = ignored
    note_unknown: Callable[[Mapping[str, datetime]], object] = ignored
    """Is told when each extension talked last that nobody has; again and again, if the same calls are read again."""
    tally: Tally = field(default_factory=Tally)
    _joiner: Joiner = field(default_factory=Joiner)
    _calls: list[Call] = field(default_factory=list)
    _beside: Beside = field(default_factory=Beside)
    _unknown: dict[str, datetime] = field(default_factory=dict)

    def run(self, lines: Iterable[bytes]) -> None:
        read = Lines(lines)
        with rarely_collected():
            for one in records(read, self.source.zone, self.leave_out):
                self._take(self._joiner.add(one))
            self._take(self._joiner.rest())
            self._keep()
        self.tally.not_utf8 = read.not_utf8

    def keep_quiet(self, seconds: float, at_most: float) -> None:
        """Keep the calls that seem over, while the file goes on; see `Joiner.quiet`."""
        self._take(self._joiner.quiet(seconds, at_most))
        if self._calls:
            self._keep()

    def _take(self, calls: Iterable[Call]) -> None:
        for call in calls:
            self._calls.append(call)
            if len(self._calls) >= BATCH:
                self._keep()

    def _keep(self) -> None:
        """All that was gathered. Whoever meets an outage of the database tries again with the same: what was kept by
        then is known.
        """
        before = deepcopy(self.tally)
        try:
            self._keep_all(self._calls)
        except DatabaseError:
            self.tally = before
            raise
        self._calls.clear()

    def _keep_all(self, calls: list[Call]) -> None:
        """Consultations are known before the calls for which they were made."""
        with_customer = []
        for call, kept in kept_of(self.source.name, calls):
            if is_deleted(kept):
                self.tally.deleted += 1
            elif is_complete(call, kept) and not self.revises:
                self.tally.known += 1
            else:
                rows = Rows(call.records, self.source.layout)
                if rows.has_customer:
                    with_customer.append((rows, kept))
                else:
                    self.tally.internal += 1
                    self._beside.add(rows)
        new: list[tuple[Rows, InteractionIn]] = []
        fuller: dict[int, tuple[Rows, InteractionIn]] = {}
        for rows, kept in with_customer:
            main = main_of(rows, kept)
            if (told := self._told(rows, main)) is None:
                continue
            if main is None:
                new.append((rows, told))
            else:
                fuller[main.id] = rows, told
            if not self.is_trial and withdraw(parts_of(kept, main)):
                self.complain(rows.lines, "a part of it was written as a call of its own before; its record stays")
        self.note_unknown(self._unknown)
        self._unknown.clear()
        self._revise(fuller)
        if not self.is_trial:
            self._accept(new)

    def _told(self, rows: Rows, main: Kept | None) -> InteractionIn | None:
        call = summary(main.reference if main else reference(rows.first), rows, self._beside)
        for leg in call.legs:
            if leg.answered and leg.is_agent and leg.who and leg.who not in self.source.agents:
                self.tally.strangers[leg.who] += 1
                self._unknown[leg.who] = max(leg.answered, self._unknown.get(leg.who, leg.answered))
        try:
            return interaction_of(call, rows.first, self.source.agents, self.source.link)
        except BadLine as problem:
            self.leave_out(rows.lines, str(problem))
            return None

    def _revise(self, fuller: dict[int, tuple[Rows, InteractionIn]]) -> None:
        changed = changes_of({pk: told for pk, (_, told) in fuller.items()})
        self.tally.known += len(fuller) - len(changed)
        self.tally.fuller += len(changed)
        if self.is_trial:
            for pk, change in changed.items():
                self.show(f"{fuller[pk][1].reference}: {change}")
            return
        for pk, refusal in revise({pk: fuller[pk][1] for pk in changed}).items():
            self.tally.fuller -= 1
            self.leave_out(fuller[pk][0].lines, f"{refusal.field}: {refusal}")

    def _accept(self, new: list[tuple[Rows, InteractionIn]]) -> None:
        for (rows, _), one in zip(new, accept_each(self.source.name, [told for _, told in new]), strict=True):
            if isinstance(one, ChangeRefused):
                self.leave_out(rows.lines, f"{one.field}: {one}")
            elif isinstance(one, DeletedInteraction):
                self.tally.deleted += 1
            elif one.created:
                self.tally.new += 1
            else:
                self.tally.known += 1

    def leave_out(self, lines: str, reason: str) -> None:
        self.tally.bad += 1
        self.complain(lines, reason)
