"""A whole file: streamed, kept in batches, repeatable; what cannot be read is named and the rest goes in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import NamedTuple

from interactions.actions.accept import accept_each
from interactions.actions.changes import ChangeRefused
from interactions.actions.revision import changes_of, revise, withdraw
from interactions.api.schemas import InteractionIn
from interactions.models import DeletedInteraction, Interaction
from telephony.calls.joining import Call, Joiner
from telephony.calls.layout import Layout
from telephony.calls.reading import summary
from telephony.calls.records import Record
from telephony.calls.rows import Rows
from telephony.cdr.errors import BadLine
from telephony.cdr.interaction import interaction_of
from telephony.cdr.lines import Lines
from telephony.cdr.reading import Complain, records
from telephony.cdr.rows import reference

BATCH = 500
"""Calls that are kept at once."""
BESIDE = 2_000
"""Rows of calls between extensions that may be consultations of a call that ends later."""


class Kept(NamedTuple):
    """What is known of a reference. An administrator deleted it: `id` is 0; another importer made it: `rows` is 0."""

    id: int
    rows: int
    reference: str


@dataclass(frozen=True)
class Source:
    """Where calls come from, and what is peculiar to it. `agents`: usernames by extension."""

    name: str
    zone: tzinfo
    layout: Layout = field(default_factory=Layout)
    agents: Mapping[str, str] = field(default_factory=dict)
    recordings: str = ""


@dataclass
class Import:
    """One run over a file."""

    source: Source
    complain: Complain
    revises: bool = False
    is_trial: bool = False
    """Nothing is kept; `show` is told what would change."""
    show: Callable[[str], object] = lambda text: None
    new: int = 0
    known: int = 0
    fuller: int = 0
    deleted: int = 0
    internal: int = 0
    bad: int = 0
    not_utf8: int = 0
    unmapped: dict[str, int] = field(default_factory=dict)
    """How many calls each extension talked in that no user has."""
    _calls: list[Call] = field(default_factory=list)
    _beside: deque[Record] = field(default_factory=lambda: deque(maxlen=BESIDE))

    def run(self, lines: Iterable[bytes]) -> None:
        joiner, read = Joiner(), Lines(lines)
        for one in records(read, self.source.zone, self._leave_out):
            self._take(joiner.add(one))
        self._take(joiner.rest())
        self._keep()
        self.not_utf8 = read.not_utf8

    def __str__(self) -> str:
        parts = [
            f"{self.new} interactions new, {self.known} known already, {self.internal} calls between extensions left "
            f"out, {self.bad} lines or calls not read."
        ]
        if self.fuller:
            parts.append(f"{self.fuller} completed by what came later.")
        if self.deleted:
            parts.append(f"{self.deleted} that an administrator deleted left out.")
        if self.not_utf8:
            parts.append(f"{self.not_utf8} lines are not UTF-8 and were read as Windows-1252.")
        return " ".join(parts)

    def strangers(self) -> list[str]:
        """Whose calls have no agent."""
        counted = sorted(self.unmapped.items())
        return [f"Nobody here has extension {who}, which talked in {calls} calls." for who, calls in counted]

    def _take(self, calls: Iterable[Call]) -> None:
        for call in calls:
            self._calls.append(call)
            if len(self._calls) >= BATCH:
                self._keep()

    def _keep(self) -> None:
        calls, self._calls = self._calls, []
        read = []
        for call in calls:
            rows = Rows(call.records, self.source.layout)
            if rows.has_customer:
                read.append(rows)
            else:
                self.internal += 1
                self._beside.extend(rows.all)
        known = _known(self.source.name, {reference(row) for rows in read for row in rows.all})
        new: list[tuple[Rows, InteractionIn]] = []
        fuller: dict[int, tuple[Rows, InteractionIn]] = {}
        for rows in read:
            kept, parts = _main(rows, known)
            if kept is None or self.revises or len(rows.all) > kept.rows > 0:
                self._read(rows, kept, new, fuller)
                if parts and not self.is_trial and withdraw(parts):
                    self.complain(rows.lines, "a part of it was written as a call of its own before; its record stays")
            elif kept.id:
                self.known += 1
            else:
                self.deleted += 1
        changed = changes_of({pk: told for pk, (_, told) in fuller.items()})
        self.known += len(fuller) - len(changed)
        if self.is_trial:
            for pk, change in changed.items():
                self.show(f"{fuller[pk][1].reference}: {change}")
            self.fuller += len(changed)
            return
        self._accept(new)
        refused = revise({pk: fuller[pk][1] for pk in changed})
        for pk, refusal in refused.items():
            self._leave_out(fuller[pk][0].lines, f"{refusal.field}: {refusal}")
        self.fuller += len(changed) - len(refused)

    def _read(
        self,
        rows: Rows,
        kept: Kept | None,
        new: list[tuple[Rows, InteractionIn]],
        fuller: dict[int, tuple[Rows, InteractionIn]],
    ) -> None:
        name = kept.reference if kept else reference(rows.first)
        call = summary(name, rows, self._beside)
        for leg in call.legs:
            if leg.answered and leg.is_agent and leg.who not in self.source.agents:
                self.unmapped[leg.who] = self.unmapped.get(leg.who, 0) + 1
        try:
            told = interaction_of(call, rows.first, self.source.agents, self.source.recordings)
        except BadLine as problem:
            self._leave_out(rows.lines, str(problem))
            return
        if kept and kept.id:
            fuller[kept.id] = rows, told
        else:
            new.append((rows, told))

    def _accept(self, new: list[tuple[Rows, InteractionIn]]) -> None:
        """Each call that can be kept; those that contradict what an earlier import kept are left out."""
        for (rows, _), one in zip(new, accept_each(self.source.name, [told for _, told in new]), strict=True):
            if isinstance(one, ChangeRefused):
                self._leave_out(rows.lines, f"{one.field}: {one}")
            elif isinstance(one, DeletedInteraction):
                self.deleted += 1
            elif one.created:
                self.new += 1
            else:
                self.known += 1

    def _leave_out(self, lines: str, reason: str) -> None:
        self.bad += 1
        self.complain(lines, reason)


def _main(rows: Rows, known: Mapping[str, Kept]) -> tuple[Kept | None, list[int]]:
    """What is kept of a call, and which others (ids) were taken for calls before more of it was known."""
    there = [known[name] for name in dict.fromkeys(map(reference, [rows.first, *rows.all])) if name in known]
    alive = [one for one in there if one.id]
    return next(iter(alive or there), None), [one.id for one in alive[1:] if one.rows]


def _known(source: str, references: set[str]) -> dict[str, Kept]:
    """What is kept, or was deleted, under these references."""
    kept = Interaction.objects.filter(source=source, reference__in=references)
    deleted = DeletedInteraction.objects.filter(source=source, reference__in=references)
    gone = {name: Kept(0, 0, name) for name in deleted.values_list("reference", flat=True)}
    there = kept.order_by().values_list("pk", "extra__rows", "reference")
    return gone | {name: Kept(pk, rows or 0, name) for pk, rows, name in there}
