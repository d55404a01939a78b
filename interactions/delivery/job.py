from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from crm.models import Assignment
from crm.stores.base import Store
from integrations.types import Record
from interactions.delivery import journal, results
from interactions.delivery.outcome import Decision
from interactions.models import Attempt, Delivery
from interactions.queue.states import Claim
from outbound.deadline import Deadline, within

UNKNOWN = None
"""In `sent_values`: a change went out, and nobody knows whether it was made. It differs from every value."""


@dataclass
class Job:
    """`attempt` is the request that is out now."""

    claim: Claim
    delivery: Delivery
    rule: Assignment
    store: Store
    attempt: Attempt | None = None
    deadline: Deadline | None = None
    """Until when the write that was noted last may leave."""

    def begin(self, kind: Attempt.Kind) -> Attempt:
        """Raises `journal.LeaseLost`."""
        self._prepared()
        self.attempt = journal.begin(self.claim, self.delivery, kind)
        return self.attempt

    def begin_update(self, touched: Collection[str]) -> None:
        """Until the answer is there, nobody knows what these fields hold. Raises `journal.LeaseLost`."""
        self._prepared()
        self.delivery.sent_values = {**self.delivery.sent_values, **dict.fromkeys(touched, UNKNOWN)}
        changes = {"sent_values": self.delivery.sent_values}
        self.deadline = Deadline()
        self.attempt = journal.begin(self.claim, self.delivery, Attempt.Kind.UPDATE, **changes)

    def begin_create(self, values: Mapping[str, object]) -> None:
        """Raises `journal.LeaseLost`."""
        self._prepared()
        self.deadline = Deadline()
        (self.attempt,) = journal.begin_creates([(self.claim, self.delivery, values)])
        if self.attempt is None:
            raise journal.LeaseLost

    def create(self, values: Mapping[str, object]) -> Record:
        """Raises TooLate, and the errors of the store."""
        with within(self.deadline):
            return self.store.create(self.rule.target, values, self.delivery.marker)

    def update(self, changes: Mapping[str, object]) -> Record:
        """Raises TooLate, and the errors of the store."""
        with within(self.deadline):
            return self.store.update(self.rule.target, self.delivery.remote_id, changes)

    def finish(self, outcome: str, decision: Decision | None = None) -> None:
        if self.attempt:
            journal.finish(self.attempt, outcome, decision)
            self.attempt = None

    def delivered(self, record: Record, values: Mapping[str, object]) -> None:
        results.delivered([self.written(record, values)])
        self.attempt = None

    def written(self, record: Record, values: Mapping[str, object]) -> results.Written:
        version = self.delivery.interaction.version
        return results.Written(self.claim, self.delivery, record, values, version, self.attempt)

    def _prepared(self) -> None:
        """What is tried alone has an attempt open from its first step on."""
        if self.attempt and self.attempt.kind == Attempt.Kind.PREPARE:
            self.finish("prepared")
