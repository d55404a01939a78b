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
    while recover() == BATCH:
        pass
    suspension.hold()
    suspension.resume()


def recover() -> int:
    """Up to BATCH whose worker is gone; how many. If a create had begun it is looked for. From now on each is tried
    alone, so that one that ends its worker ends none beside it.
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
    for method_id in with_due():
        wakeup.notify(method_id)


def with_due() -> Iterator[int | None]:
    """The connections that have something due (None: cards kept here)."""
    for method_id in (None, *AuthenticationMethod.objects.values_list("pk", flat=True)):
        if claim.due(method_id).exists():
            yield method_id
