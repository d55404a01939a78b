"""Finds what nobody works on: expired claims, held and resumed connections, due deliveries whose ring was lost."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from authmethods.models import AuthenticationMethod
from crm import clock
from interactions.engine import claim, doorbell, holds
from interactions.engine.schedule import RETRIES
from interactions.models import Attempt, Delivery, DeliveryState

BATCH = 500


def sweep() -> None:
    """Everything that keeps the promise without a doorbell; harmless to run twice at once."""
    put_right()
    ring_due()


def put_right() -> None:
    """Put back what no worker has any more, set aside what no connection may send, and take up what one may again."""
    while recover() == BATCH:
        pass
    holds.hold()
    holds.resume()


def recover() -> int:
    """Put back up to BATCH deliveries whose worker is gone; how many.

    The record may exist if a create had begun: then it is looked for. A delivery that ends its worker each time is
    given up after as many tries as any other.
    """
    with transaction.atomic():
        expired = Delivery.objects.filter(state=DeliveryState.SENDING, lease_expires_at__lt=clock.now())
        ids = list(expired.select_for_update(skip_locked=True).values_list("id", flat=True)[:BATCH])
        rows = Delivery.objects.filter(pk__in=ids, state=DeliveryState.SENDING)
        Attempt.objects.filter(delivery__in=ids, finished_at=None).update(
            finished_at=clock.now(),
            outcome="interrupted",
            message=_("The worker ended before it could note the outcome."),
        )
        common = {"fence": F("fence") + 1, "lease_expires_at": None, "attempts_made": F("attempts_made") + 1}
        rows.filter(attempts_made__gte=len(RETRIES)).update(
            state=DeliveryState.DEAD,
            error_kind="internal",
            reason=_("Its worker ended each time it was tried. Look into the worker's log, then replay."),
            **common,
        )
        rows.update(state=claim.AS_IT_STANDS, next_attempt_at=clock.now(), **common)
    return len(ids)


def ring_due() -> None:
    """Wake the workers of each connection that has something due."""
    for method_id in with_due():
        doorbell.ring(method_id)


def with_due() -> Iterator[int | None]:
    """The connections that have something due (None: cards kept here)."""
    for method_id in (None, *AuthenticationMethod.objects.values_list("pk", flat=True)):
        if claim.due(method_id).exists():
            yield method_id
