"""Finds what nobody works on: expired claims, held and resumed connections, due deliveries whose wake-up was lost."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from authmethods.models import AuthenticationMethod
from core import clock
from core.reasons import columns
from interactions import reasons
from interactions.models import Attempt, Delivery, DeliveryState
from interactions.queue import backoff, claim, states, suspension, wakeup

BATCH = 500


def sweep() -> None:
    """Everything that keeps the promise without a wake-up; harmless to run twice at once."""
    put_right()
    notify_due()


def put_right() -> None:
    """Put back what no worker has any more, set aside what no connection may send, and take up what one may again."""
    while recover() == BATCH:
        pass
    suspension.hold()
    suspension.resume()


def recover() -> int:
    """Take back up to BATCH deliveries whose worker is gone; how many.

    The record may exist if a create had begun: then it is looked for. A delivery that ends its worker each time is
    given up after as many attempts as any other, and ends none beside it: from now on each is tried alone.
    """
    with transaction.atomic():
        now = clock.now()
        rows = Delivery.objects.filter(state=DeliveryState.SENDING, lease_expires_at__lt=now)
        made = dict(rows.select_for_update(skip_locked=True).order_by("pk").values_list("id", "attempts_made")[:BATCH])
        under_way = Attempt.objects.filter(delivery__in=made, finished_at=None)
        ended_in = dict(under_way.order_by("pk").values_list("delivery_id", "kind"))
        under_way.update(finished_at=now, outcome="interrupted", **columns(reasons.INTERRUPTED, "message"))
        rests = {count: backoff.retry(count + 1) for count in set(made.values())}
        states.expire(
            [states.Expired(pk, ended_in.get(pk, ""), rests[count]) for pk, count in made.items()],
            now=now,
            reason=reasons.KILLED,
        )
    return len(made)


def notify_due() -> None:
    """Wake the workers of each connection that has something due."""
    for method_id in with_due():
        wakeup.notify(method_id)


def with_due() -> Iterator[int | None]:
    """The connections that have something due (None: cards kept here)."""
    for method_id in (None, *AuthenticationMethod.objects.values_list("pk", flat=True)):
        if claim.due(method_id).exists():
            yield method_id
