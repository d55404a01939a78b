"""The database alone decides: what Redis says of workers, somebody else may have written there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from authmethods.models import AuthenticationMethod
from core import clock
from interactions.models import Attempt, Delivery, DeliveryState
from interactions.queue.states import DUE
from interactions.queue.suspension import USABLE

PATIENCE = timedelta(seconds=30)
"""A worker that has nothing else to do begins within 5 s, one that shares its time among many in some more."""


def connections() -> list[int | None]:
    """None: cards kept here. What is throttled is due later, and what is held not at all."""
    since = clock.now() - PATIENCE
    methods = AuthenticationMethod.objects.filter(_is_stalled(OuterRef("pk"), since)).order_by("pk")
    return [*_local(since), *methods.values_list("pk", flat=True)]


def begun_by_workers(method_id: int | None, since: datetime) -> bool:
    """Whether a worker has begun anything there since then."""
    return _begun(method_id, since).filter(by_fallback=False).exists()


def due_seconds() -> dict[int | None, float]:
    """For how long what has waited longest is due, for each connection where something is."""
    now = clock.expression()
    methods = AuthenticationMethod.objects.annotate(at=Subquery(_oldest(OuterRef("pk")).values("next_attempt_at")[:1]))
    rows: list[tuple[int | None, datetime | None, datetime]] = [*methods.values_list("pk", "at", now).order_by()]
    rows += [(None, at, now) for at, now in _oldest(None).values_list("next_attempt_at", now)[:1]]
    return {method_id: (now - at).total_seconds() for method_id, at, now in rows if at}


def _oldest(method: OuterRef | None) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(USABLE, method=method, state__in=DUE, next_attempt_at__lte=clock.expression())
    return rows.order_by("next_attempt_at")


def _local(since: datetime) -> list[None]:
    by_beat = set(_begun(None, since).values_list("by_fallback", flat=True).distinct())
    if False in by_beat:
        return []
    return [None] if by_beat or _overdue(None, since).exists() or _expired(None, since).exists() else []


def _is_stalled(method: OuterRef, since: datetime) -> Q:
    """Something is due for so long, or its claim has expired for so long, or beat has begun something since."""
    begun = _begun(method, since)
    has_work = Q(Exists(_overdue(method, since))) | Q(Exists(_expired(method, since))) | Q(Exists(begun))
    return has_work & ~Q(Exists(begun.filter(by_fallback=False)))


def _begun(method: OuterRef | int | None, since: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(started_at__gt=since, delivery__method=method).order_by()


def _overdue(method: OuterRef | None, since: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(USABLE, method=method, state__in=DUE, next_attempt_at__lt=since).order_by()


def _expired(method: OuterRef | None, since: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(method=method, state=DeliveryState.SENDING, lease_expires_at__lt=since).order_by()
