"""Writes down what happens to a claimed delivery: before each request and after it, and only while the claim holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F

from crm import clock
from integrations.types import Record
from interactions.engine import portal
from interactions.engine.claim import AS_IT_STANDS, Claim
from interactions.engine.outbox import NOT_UNDER_WAY
from interactions.engine.outcome import Verdict
from interactions.engine.schedule import LEASE, LEAST_LEASE
from interactions.models import Attempt, Delivery, DeliveryState, Interaction


class LeaseLost(Exception):
    """The claim does not hold any more, or not for what was read: somebody goes on with the delivery as it is now."""


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


def begin(
    claim: Claim, delivery: Delivery, kind: Attempt.Kind, now: datetime | None = None, **changes: object
) -> Attempt:
    """Note that a request goes out, and hold the delivery for as long as it can take.

    Raises LeaseLost, also when it is another rule's or another method's than it was when it was read.
    """
    as_read = claim.rows().filter(assignment=delivery.assignment_id, method=delivery.method_id)
    now = now or clock.now()
    with transaction.atomic():
        if not as_read.update(lease_expires_at=now + LEASE, **changes):
            raise LeaseLost
        # This machine's clock may be ahead, and then a look seems to come late enough.
        attempt = Attempt.objects.create(
            delivery=delivery, kind=kind, started_at=now, by_fallback=in_the_workers_place.get()
        )
    for name, value in changes.items():
        setattr(delivery, name, value)
    return attempt


def begin_create(claim: Claim, delivery: Delivery, values: Mapping[str, object]) -> Attempt:
    """From here on the record may exist: whoever comes after us looks for it first. Raises LeaseLost."""
    now = clock.now()
    return begin(
        claim,
        delivery,
        Attempt.Kind.CREATE,
        now,
        write_began_at=now,
        portal=portal.of(delivery.method),
        looks_made=0,
        sent_values=plain(values),
        sent_version=delivery.interaction.version,
        card_object=delivery.card_object,
        card_id=delivery.card_id,
    )


def keep_lease(claim: Claim, delivery: Delivery, now: datetime) -> None:
    """Make sure that enough of the claim remains to begin something. Raises LeaseLost."""
    if delivery.lease_expires_at is None or delivery.lease_expires_at - now >= LEAST_LEASE:
        return
    if not claim.rows().update(lease_expires_at=now + LEASE):
        raise LeaseLost


def finish(attempt: Attempt, outcome: str, verdict: Verdict | None = None, now: datetime | None = None) -> None:
    """Close an attempt's row."""
    attempt.finished_at, attempt.outcome = now or clock.now(), outcome
    if verdict:
        attempt.status, attempt.code, attempt.message = verdict.status, verdict.code[:60], verdict.reason[:500]
    noted = ("finished_at", "outcome", "status", "code", "message")
    Attempt.objects.filter(pk=attempt.pk).update(**{name: getattr(attempt, name) for name in noted})


def delivered(
    claim: Claim,
    delivery: Delivery,
    written: Record,
    values: Mapping[str, object],
    version: int,
    attempt: Attempt | None = None,
) -> None:
    """The record is there and holds `values` of that version of the interaction: so says the answer to `attempt`."""
    there = {
        "remote_id": written.id,
        "remote_url": (written.url or delivery.remote_url)[:500],
        "card_object": delivery.card_object,
        "card_id": delivery.card_id,
        "sent_values": plain(values),
        "sent_version": version,
    }
    with transaction.atomic():
        newest, now = _version_now(delivery)
        changed = newest != version
        kept = claim.rows().update(
            state=DeliveryState.PENDING if changed else DeliveryState.DELIVERED,
            next_attempt_at=now if changed else None,
            lease_expires_at=None,
            delivered_at=delivery.delivered_at or now,
            attempts_made=0,
            looks_made=0,
            reason="",
            error_kind="",
            error_code="",
            error_fields={},
            **there,
        )
        if attempt:
            finish(attempt, "delivered", now=now)
    if not kept:
        # Too late to have a say, but that the record exists, and what it holds, spares the next one a look.
        Delivery.objects.filter(pk=delivery.pk, remote_id="").update(**there)


def partly_sent(claim: Claim, delivery: Delivery, values: Mapping[str, object]) -> None:
    """The record holds these values by now, though the delivery is not done. Raises LeaseLost."""
    delivery.sent_values = plain(values)
    if not claim.rows().update(sent_values=delivery.sent_values):
        raise LeaseLost


def unwritten(claim: Claim, delivery: Delivery) -> None:
    """The vendor refused the create, so nothing is there that had to be looked for. Raises LeaseLost."""
    if not claim.rows().update(write_began_at=None):
        raise LeaseLost
    delivery.write_began_at = None


def absent(claim: Claim, delivery: Delivery) -> None:
    """The create that went out did not happen: it may be sent again. Raises LeaseLost."""
    if not claim.rows().update(write_began_at=None, looks_made=0, attempts_made=F("attempts_made") + 1):
        raise LeaseLost
    delivery.write_began_at = None
    delivery.attempts_made += 1


def settled(claim: Claim, delivery: Delivery, verdict: Verdict) -> None:
    """Put the delivery where the verdict says, unless the claim is lost."""
    now = clock.now()
    with transaction.atomic():
        changed = verdict.state in NOT_UNDER_WAY and _version_now(delivery)[0] != delivery.interaction.version
        changes: dict[str, Any] = {
            "state": verdict.state,
            "next_attempt_at": now + verdict.wait if verdict.wait is not None else None,
            "lease_expires_at": None,
            "card_object": delivery.card_object,
            "card_id": delivery.card_id,
            "reason": verdict.reason[:500],
            "error_kind": verdict.kind[:20],
            "error_code": verdict.code[:60],
            "error_fields": dict(verdict.fields),
        }
        if verdict.unwritten:
            changes["write_began_at"] = None
        if verdict.burns:
            changes["attempts_made"] = F("attempts_made") + 1
        if verdict.looked:
            changes["looks_made"] = F("looks_made") + 1
        if changed:
            state = DeliveryState.PENDING if verdict.unwritten else AS_IT_STANDS
            changes |= {"state": state, "next_attempt_at": now, "attempts_made": 0, "looks_made": 0}
        claim.rows().update(**changes)


def _version_now(delivery: Delivery) -> tuple[int, datetime]:
    """The interaction's version with its row locked (a change waits for us, or we see it), and what time it is.

    Raises LeaseLost when there is none any more.
    """
    rows = Interaction.objects.select_for_update().filter(pk=delivery.interaction_id)
    known = rows.values_list("version", clock.told()).first()
    if known is None:
        raise LeaseLost  # somebody deleted it
    version, now = known
    return version, now
