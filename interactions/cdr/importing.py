"""A whole file: streamed, kept in batches, repeatable; what cannot be read is named and the rest goes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo

from interactions.accept import Accepted, ItemRefused, accept_all
from interactions.cdr.calls import gather, interaction_of
from interactions.cdr.direction import Directions
from interactions.cdr.rows import BadLine, Row, read
from interactions.models import DeletedInteraction
from interactions.schemas import InteractionIn

BATCH = 200


@dataclass
class Import:
    """One run over a file. `complain(lines, reason)` is called for what is left out."""

    source: str
    zone: tzinfo
    directions: Directions
    complain: Callable[[str, str], None]
    new: int = 0
    known: int = 0
    deleted: int = 0
    internal: int = 0
    bad: int = 0
    _waiting: list[tuple[str, InteractionIn]] = field(default_factory=list)
    """With the lines from which each was read."""

    def run(self, lines: Iterable[str]) -> None:
        for call in gather(self._rows(lines)):
            try:
                told = interaction_of(call, self.directions)
            except BadLine as problem:
                self._leave_out(call.lines, str(problem))
                continue
            if told is None:
                self.internal += 1
                continue
            self._waiting.append((call.lines, told))
            if len(self._waiting) >= BATCH:
                self._keep()
        self._keep()

    def _rows(self, lines: Iterable[str]) -> Iterator[tuple[int, Row]]:
        for number, row in read(lines, self.zone):
            if isinstance(row, BadLine):
                self._leave_out(str(number), str(row))
            else:
                yield number, row

    def _keep(self) -> None:
        for accepted in self._accepted():
            if isinstance(accepted, DeletedInteraction):
                self.deleted += 1
            elif accepted.created:
                self.new += 1
            else:
                self.known += 1
        self._waiting.clear()

    def _accepted(self) -> list[Accepted | DeletedInteraction]:
        """Each call that can be kept; those that contradict what an earlier import kept are left out."""
        while True:
            try:
                return accept_all(self.source, [told for _, told in self._waiting])
            except ItemRefused as refusal:
                lines, _ = self._waiting.pop(refusal.index)
                self._leave_out(lines, f"{refusal.field}: {refusal}")

    def _leave_out(self, lines: str, reason: str) -> None:
        self.bad += 1
        self.complain(lines, reason)
