"""Which connections stand still: something is due there, and for a while nobody has begun anything.

The database alone decides, by its own clock: what Redis says of workers, somebody else may have written there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Min

from authmethods.models import AuthenticationMethod
from crm import clock
from interactions.engine.claim import DUE
from interactions.engine.holds import USABLE
from interactions.models import Attempt, Delivery, DeliveryState

PATIENCE = timedelta(seconds=30)
"""A worker that has nothing else to do begins within 5 s, one that shares its time among many in some more."""


def still() -> list[int | None]:
    """The connections (None: cards kept here) that stand still. What is throttled is due later, and what is held not
    at all, so that neither counts.
    """
    since = clock.now() - PATIENCE
    methods = (None, *AuthenticationMethod.objects.order_by("pk").values_list("pk", flat=True))
    return [method_id for method_id in methods if _is_overdue(method_id, since) and not begun(method_id, since)]


def begun(method_id: int | None, since: datetime, *, but_for: Collection[int] = ()) -> bool:
    """Whether anything was begun there since then, other than for the deliveries with these ids."""
    tried = Attempt.objects.filter(started_at__gt=since, delivery__method=method_id)
    return tried.exclude(delivery__in=but_for).exists()


def due_seconds(method_id: int | None) -> float:
    """For how long what has waited longest is due there; 0 when nothing is."""
    now = clock.now()
    due = Delivery.objects.filter(USABLE, method=method_id, state__in=DUE, next_attempt_at__lte=now)
    oldest = due.aggregate(at=Min("next_attempt_at"))["at"]
    return float((now - oldest).total_seconds()) if oldest else 0.0


def _is_overdue(method_id: int | None, since: datetime) -> bool:
    """Due for so long; or claimed, and its claim expired for so long, by a worker that is gone."""
    rows = Delivery.objects.filter(method=method_id).order_by()
    expired = rows.filter(state=DeliveryState.SENDING, lease_expires_at__lt=since)
    return rows.filter(USABLE, state__in=DUE, next_attempt_at__lt=since).exists() or expired.exists()
