"""A whole file: streamed, kept in batches, repeatable; what cannot be read is named and the rest goes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo

from interactions.actions.accept import accept_each
from interactions.actions.changes import ChangeRefused
from interactions.api.schemas import InteractionIn
from interactions.models import DeletedInteraction
from telephony.cdr.calls import gather, interaction_of
from telephony.cdr.direction import Directions
from telephony.cdr.rows import BadLine, Row, read

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
        """Each call that can be kept; those that contradict what an earlier import kept are left out."""
        results = accept_each(self.source, [told for _, told in self._waiting])
        for (lines, _), one in zip(self._waiting, results, strict=True):
            if isinstance(one, ChangeRefused):
                self._leave_out(lines, f"{one.field}: {one}")
            elif isinstance(one, DeletedInteraction):
                self.deleted += 1
            elif one.created:
                self.new += 1
            else:
                self.known += 1
        self._waiting.clear()

    def _leave_out(self, lines: str, reason: str) -> None:
        self.bad += 1
        self.complain(lines, reason)
