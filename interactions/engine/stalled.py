"""Which connections are stalled: something is due there, and for a while no worker has begun anything.

The database alone decides, by its own clock: what Redis says of workers, somebody else may have written there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

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
    methods = AuthenticationMethod.objects.filter(_is_stalled(OuterRef("pk"), since)).order_by("pk")
    return [*_local(since), *methods.values_list("pk", flat=True)]


def begun_by_workers(method_id: int | None, since: datetime) -> bool:
    """Whether a worker has begun anything there since then."""
    return _begun(method_id, since).filter(by_fallback=False).exists()


def due_seconds() -> dict[int | None, float]:
    """For how long what has waited longest is due, for each connection where something is."""
    now = clock.now()

    def oldest(method: OuterRef | None) -> QuerySet[Delivery, datetime | None]:
        rows = Delivery.objects.filter(USABLE, method=method, state__in=DUE, next_attempt_at__lte=now)
        return rows.order_by("next_attempt_at").values_list("next_attempt_at", flat=True)[:1]

    methods = AuthenticationMethod.objects.annotate(oldest=Subquery(oldest(OuterRef("pk")))).order_by()
    found: dict[int | None, datetime | None] = {None: oldest(None).first(), **dict(methods.values_list("pk", "oldest"))}
    return {method_id: (now - at).total_seconds() for method_id, at in found.items() if at}


def _local(since: datetime) -> list[None]:
    begun = _begun(None, since)
    if begun.filter(by_fallback=False).exists():
        return []
    return [None] if begun.exists() or _overdue(None, since).exists() or _expired(None, since).exists() else []


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
    """Claimed by a worker that is gone."""
    return Delivery.objects.filter(method=method, state=DeliveryState.SENDING, lease_expires_at__lt=since).order_by()
