"""Takes due deliveries of one connection for this worker: a short transaction, nothing sent within it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import clock
from interactions.models import Delivery, DeliveryRows
from interactions.queue import states
from interactions.queue.backoff import LEASE
from interactions.queue.states import DUE, Claim

BATCH = 20


def due(method_id: int | None) -> DeliveryRows:
    """What waits for a worker now, longest first."""
    return _due(method_id, clock.now())


def take(method_id: int | None, limit: int = BATCH, *, beside_others: bool = False) -> list[Claim]:
    """Claim up to `limit` due deliveries. Two workers never get the same one.

    One that is tried alone comes alone; `beside_others`: the caller has some under way, so that such a one waits.
    PostgreSQL skips rows that another worker is claiming; SQLite lets one writer in at a time (BEGIN IMMEDIATE).
    """
    with transaction.atomic():
        now = clock.now()
        rows = _due(method_id, now).select_for_update(skip_locked=True)[:limit]
        found = list(rows.values_list("id", "fence", "alone"))
        alone = bool(found) and found[0][2] and not beside_others
        taken = found[:1] if alone else [row for row in found if not row[2]]
        states.claim([pk for pk, _, _ in taken], until=now + LEASE)
    return [Claim(pk, fence + 1) for pk, fence, _ in taken]


def _due(method_id: int | None, now: datetime) -> DeliveryRows:
    rows = Delivery.objects.filter(method_id=method_id, state__in=DUE, next_attempt_at__lte=now)
    return rows.order_by("next_attempt_at", "id")
