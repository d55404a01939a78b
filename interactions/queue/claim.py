"""Takes due deliveries of one connection for this worker: a short transaction, nothing sent within it."""

from __future__ import annotations

from django.db import transaction

from core import clock
from interactions.models import Delivery, DeliveryRows
from interactions.queue import states
from interactions.queue.backoff import LEASE
from interactions.queue.states import DUE, Claim

BATCH = 20


def due(method_id: int | None) -> DeliveryRows:
    rows = Delivery.objects.filter(method_id=method_id, state__in=DUE, next_attempt_at__lte=clock.expression())
    return rows.order_by("next_attempt_at", "id")


def take(method_id: int | None, limit: int = BATCH, *, beside_others: bool = False) -> list[Claim]:
    """Two workers never get the same one: PostgreSQL skips rows that another claims, SQLite lets one writer in at a
    time. What is tried alone comes alone; `beside_others`: the caller has some under way.
    """
    with transaction.atomic():
        rows = due(method_id).annotate(now=clock.expression()).select_for_update(skip_locked=True)[:limit]
        found = list(rows.values_list("id", "fence", "alone", "now"))
        alone = bool(found) and found[0][2] and not beside_others
        taken = found[:1] if alone else [row for row in found if not row[2]]
        if taken:
            states.claim([row[0] for row in taken], until=taken[0][3] + LEASE)
    return [Claim(pk, fence + 1) for pk, fence, _, _ in taken]
