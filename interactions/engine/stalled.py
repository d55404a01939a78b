"""Which connections are stalled: something is due there, and for a while no worker has begun anything.

The database alone decides, by its own clock: what Redis says of workers, somebody else may have written there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min, QuerySet

from authmethods.models import AuthenticationMethod
from crm import clock
from interactions.engine.claim import DUE
from interactions.engine.holds import USABLE
from interactions.models import Attempt, Delivery, DeliveryState

PATIENCE = timedelta(seconds=30)
"""A worker that has nothing else to do begins within 5 s, one that shares its time among many in some more."""


def connections() -> list[int | None]:
    """The stalled ones (None: cards kept here), also while beat delivers there in the workers' place.

    What is throttled is due later, and what is held not at all, so that neither counts.
    """
    since = clock.now() - PATIENCE
    methods = (None, *AuthenticationMethod.objects.order_by("pk").values_list("pk", flat=True))
    return [one for one in methods if not begun_by_workers(one, since) and _has_work(one, since)]


def begun_by_workers(method_id: int | None, since: datetime) -> bool:
    """Whether a worker has begun anything there since then."""
    return _begun(method_id, since).filter(by_fallback=False).exists()


def due_seconds(method_id: int | None) -> float:
    """For how long what has waited longest is due there; 0 when nothing is."""
    now = clock.now()
    due = Delivery.objects.filter(USABLE, method=method_id, state__in=DUE, next_attempt_at__lte=now)
    oldest = due.aggregate(at=Min("next_attempt_at"))["at"]
    return float((now - oldest).total_seconds()) if oldest else 0.0


def _begun(method_id: int | None, since: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(started_at__gt=since, delivery__method=method_id)


def _has_work(method_id: int | None, since: datetime) -> bool:
    """Something that is due for so long, or whose claim has expired for so long, or that beat has begun since."""
    rows = Delivery.objects.filter(method=method_id).order_by()
    expired = rows.filter(state=DeliveryState.SENDING, lease_expires_at__lt=since)
    overdue = rows.filter(USABLE, state__in=DUE, next_attempt_at__lt=since)
    return overdue.exists() or expired.exists() or _begun(method_id, since).exists()
