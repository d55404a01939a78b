"""Interactions of customers who are known after their first call, and the wait until all are in Zoho."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from benchmarks.stand.processes import wait
from crm.vocabulary import Direction, Flow
from interactions.actions import accept
from interactions.api.schemas import InteractionIn
from interactions.models import Delivery, DeliveryState
from interactions.queue import recovery, wakeup

CUSTOMERS = 20
AT_ONCE = 500
STARTED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def interaction(reference: str, number: int, queue: str = "") -> InteractionIn:
    """A finished call of one of a few customers."""
    return InteractionIn(
        reference=reference,
        flow=Flow.VOICE,
        direction=Direction.INBOUND,
        queue=queue,
        customer_name=f"Customer {number}",
        customer_phone=f"+336129900{number % CUSTOMERS:02d}",
        started_at=STARTED,
        ended_at=STARTED + timedelta(seconds=60),
    )


def post(count: int, source: str, queue: str = "") -> None:
    """Accept so many without a word to the workers."""
    items = [interaction(f"{number}", number, queue) for number in range(count)]
    with patch.object(wakeup, "notify_on_commit"):
        for first in range(0, count, AT_ONCE):
            accept.accept_all(source, items[first : first + AT_ONCE])


def deliver(source: str, seconds: float = 600.0, step: Callable[[], None] = recovery.notify_due) -> None:
    """Wait until all of that source are delivered; `step` is taken again and again, in place of beat."""
    left = Delivery.objects.filter(interaction__source=source).exclude(state=DeliveryState.DELIVERED)

    def done() -> bool:
        step()
        return not left.exists()

    wait(done, seconds)


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
