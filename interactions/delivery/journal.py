"""Notes what is sent for a claimed delivery: before each request and after it, and only while the claim holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from core import clock
from core.bulk import update_each
from core.reasons import columns
from interactions.delivery import portal
from interactions.delivery.outcome import Decision
from interactions.models import Attempt, Delivery, DeliveryState
from interactions.queue.backoff import LEASE, LEAST_LEASE
from interactions.queue.states import Claim


class LeaseLost(Exception):
    """Somebody goes on with the delivery as it is now."""


in_the_workers_place = ContextVar("in_the_workers_place", default=False)


@contextmanager
def working_for_workers() -> Iterator[None]:
    """What is begun within is noted as begun by beat: the connection is without a worker still."""
    token = in_the_workers_place.set(True)
    try:
        yield
    finally:
        in_the_workers_place.reset(token)


def plain(values: Mapping[str, object]) -> dict[str, Any]:
    """Values as they read after a way through JSON, so that they compare with those kept."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return kept


def begin(claim: Claim, delivery: Delivery, kind: Attempt.Kind, **changes: Any) -> Attempt:
    """Hold the delivery for as long as the request can take. Raises LeaseLost, also when rule or method changed."""
    as_read = claim.rows().filter(assignment=delivery.assignment_id, method=delivery.method_id)
    now = clock.now()
    with transaction.atomic():
        if not as_read.update(lease_expires_at=now + LEASE, **changes):
            raise LeaseLost
        attempt = _attempt(delivery, kind, now)
        attempt.save(force_insert=True)
    return attempt


def begin_creates(writes: Sequence[tuple[Claim, Delivery, Mapping[str, object]]]) -> list[Attempt | None]:
    """None for each whose claim does not hold. From here on the records may exist."""
    if not writes:
        return []
    now = clock.now()
    rows = [_began(claim, delivery, values, now) for claim, delivery, values in writes]
    with transaction.atomic():
        held = update_each(Delivery, rows, match=("id", "fence", "assignment", "method"), state=DeliveryState.SENDING)
        attempts = [
            _attempt(delivery, Attempt.Kind.CREATE, now) if claim.id in held else None for claim, delivery, _ in writes
        ]
        Attempt.objects.bulk_create([attempt for attempt in attempts if attempt])
    for (_, delivery, _), row in zip(writes, rows, strict=True):
        delivery.write_began_at, delivery.portal, delivery.looks_made = now, row["portal"], 0
        delivery.sent_values, delivery.sent_version = row["sent_values"], row["sent_version"]
    return attempts


def keep_lease(claim: Claim, delivery: Delivery, now: datetime) -> None:
    """Raises LeaseLost."""
    if delivery.lease_expires_at is None or delivery.lease_expires_at - now >= LEAST_LEASE:
        return
    if not claim.rows().update(lease_expires_at=now + LEASE):
        raise LeaseLost


def finish(attempt: Attempt, outcome: str, decision: Decision | None = None) -> None:
    attempt.finished_at, attempt.outcome = clock.now(), outcome
    if decision:
        attempt.status, attempt.code = decision.status, decision.code[:60]
        for name, value in columns(decision.reason, "message").items():
            setattr(attempt, name, value)
    noted = ("finished_at", "outcome", "status", "code", "message", "message_code", "message_values")
    Attempt.objects.filter(pk=attempt.pk).update(**{name: getattr(attempt, name) for name in noted})


def _attempt(delivery: Delivery, kind: Attempt.Kind, now: datetime) -> Attempt:
    # This machine's clock may be ahead, and then a look seems to come late enough.
    return Attempt(delivery=delivery, kind=kind, started_at=now, by_fallback=in_the_workers_place.get())


def _began(claim: Claim, delivery: Delivery, values: Mapping[str, object], now: datetime) -> dict[str, Any]:
    return {
        "id": claim.id,
        "fence": claim.fence,
        "assignment": delivery.assignment_id,
        "method": delivery.method_id,
        "lease_expires_at": now + LEASE,
        "write_began_at": now,
        "portal": portal.of(delivery.method),
        "looks_made": 0,
        "sent_values": plain(values),
        "sent_version": delivery.interaction.version,
        "card_object": delivery.card_object,
        "card_id": delivery.card_id,
    }
