"""Takes due deliveries of one connection for this worker: a short transaction, nothing sent within it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from crm import clock
from interactions.engine.schedule import LEASE
from interactions.models import Delivery, DeliveryState

FIRST, BATCH = 3, 10
"""How many are claimed at once: few to begin with, since what one worker has claimed, no other can begin."""
DUE = (DeliveryState.PENDING, DeliveryState.UNKNOWN)
MAY_EXIST = Q(write_began_at__isnull=False, remote_id="")
AS_IT_STANDS = Case(When(MAY_EXIST, then=Value(DeliveryState.UNKNOWN)), default=Value(DeliveryState.PENDING))
"""The state of a delivery that nobody works on: whoever takes it up looks first if it may be written already."""


class Claim(NamedTuple):
    """One delivery in our hands, as long as its fence has not moved on."""

    id: int
    fence: int

    def rows(self) -> QuerySet[Delivery]:
        """The delivery if this claim still holds, else nothing: every result is written through this."""
        return Delivery.objects.filter(pk=self.id, fence=self.fence, state=DeliveryState.SENDING).order_by()


def due(method_id: int | None) -> QuerySet[Delivery]:
    """What waits for a worker now, longest first."""
    return _due(method_id, clock.now())


def take(method_id: int | None, limit: int = BATCH) -> list[Claim]:
    """Claim up to `limit` due deliveries. Two workers never get the same one.

    PostgreSQL skips rows that another worker is claiming; SQLite lets one writer in at a time (BEGIN IMMEDIATE).
    """
    with transaction.atomic():
        now = clock.now()
        rows = _due(method_id, now).select_for_update(skip_locked=True)[:limit]
        claims = [Claim(pk, fence + 1) for pk, fence in rows.values_list("id", "fence")]
        # By their ids alone: they are locked, and SQLite would rather look through all that are due.
        Delivery.objects.filter(pk__in=[claim.id for claim in claims]).update(
            state=DeliveryState.SENDING, fence=F("fence") + 1, lease_expires_at=now + LEASE
        )
    return claims


def give_back(claims: Iterable[Claim]) -> None:
    """Return what was claimed and not begun; it is due at once."""
    for claim in claims:
        claim.rows().update(state=AS_IT_STANDS, lease_expires_at=None)


def _due(method_id: int | None, now: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(method_id=method_id, state__in=DUE, next_attempt_at__lte=now)
    return rows.order_by("next_attempt_at", "id")
