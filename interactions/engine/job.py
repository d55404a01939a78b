"""One claimed delivery under way, with all that writing it needs."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Assignment
from crm.storage import Store
from interactions.engine import record
from interactions.engine.claim import Claim
from interactions.engine.outcome import Verdict
from interactions.models import Attempt, Delivery


@dataclass
class Job:
    """`attempt` is the request that is out now."""

    claim: Claim
    delivery: Delivery
    rule: Assignment
    store: Store
    attempt: Attempt | None = None

    def begin(self, kind: Attempt.Kind) -> Attempt:
        """Note that a request goes out. Raises `record.LeaseLost`."""
        self.attempt = record.begin(self.claim, self.delivery, kind)
        return self.attempt

    def finish(self, outcome: str, verdict: Verdict | None = None) -> None:
        """Close the attempt, if one is open."""
        if self.attempt:
            record.finish(self.attempt, outcome, verdict)
            self.attempt = None
