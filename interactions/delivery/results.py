from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from core import clock
from core.reasons import columns
from integrations.types import Record
from interactions.delivery.journal import LeaseLost, plain
from interactions.delivery.outcome import Decision
from interactions.models import Attempt, Delivery, Interaction
from interactions.queue import states
from interactions.queue.states import NOT_UNDER_WAY, Claim


@dataclass(frozen=True)
class Written:
    """The record is there and holds `values` of that version of the interaction: so says the answer to `attempt`."""

    claim: Claim
    delivery: Delivery
    record: Record
    values: Mapping[str, object]
    version: int
    attempt: Attempt | None = None


def delivered(written: Sequence[Written]) -> None:
    if not written:
        return
    known = [_there(one) for one in written]
    with transaction.atomic():
        versions, now = _versions_now([one.delivery for one in written])
        rows = [
            {
                "id": one.claim.id,
                "fence": one.claim.fence,
                "delivered_at": one.delivery.delivered_at or now,
                "changed": versions[one.delivery.interaction_id] != one.version,
            }
            | there
            for one, there in zip(written, known, strict=True)
            if one.delivery.interaction_id in versions  # else somebody deleted it
        ]
        held = states.deliver(rows, now=now)
        answered = [one.attempt.pk for one in written if one.attempt and one.delivery.interaction_id in versions]
        Attempt.objects.filter(pk__in=answered).update(finished_at=now, outcome="delivered")
    for one, there in zip(written, known, strict=True):
        if one.claim.id not in held:
            # Too late to have a say, but that the record exists, and what it holds, spares the next one a look.
            Delivery.objects.filter(pk=one.claim.id, remote_id="").update(**there)


def not_sent(begun: Sequence[tuple[Claim, Attempt]]) -> None:
    """A batch ended before the turn of these: nothing was tried, and nothing has to be looked for."""
    if not begun:
        return
    with transaction.atomic():
        states.not_sent([claim for claim, _ in begun])
        Attempt.objects.filter(pk__in=[attempt.pk for _, attempt in begun]).delete()


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


def settled(claim: Claim, delivery: Delivery, decision: Decision) -> None:
    with transaction.atomic():
        changed = False
        if decision.state in NOT_UNDER_WAY:
            versions, now = _versions_now([delivery])
            if delivery.interaction_id not in versions:
                raise LeaseLost
            changed = versions[delivery.interaction_id] != delivery.interaction.version
        else:
            now = clock.now()
        changes: dict[str, Any] = {
            "next_attempt_at": now + decision.wait if decision.wait is not None else None,
            "card_object": delivery.card_object,
            "card_id": delivery.card_id,
            **columns(decision.reason),
            "error_kind": decision.kind[:20],
            "error_code": decision.code[:60],
            "error_fields": dict(decision.fields),
        }
        if decision.unwritten:
            changes["write_began_at"] = None
        if decision.burns:
            changes["attempts_made"] = F("attempts_made") + 1
        if decision.looked:
            changes["looks_made"] = F("looks_made") + 1
        states.settle(claim, decision.state, changed_at=now if changed else None, **changes)


def _there(one: Written) -> dict[str, Any]:
    return {
        "remote_id": one.record.id,
        "remote_url": (one.record.url or one.delivery.remote_url)[:500],
        "card_object": one.delivery.card_object,
        "card_id": one.delivery.card_id,
        "sent_values": plain(one.values),
        "sent_version": one.version,
    }


def _versions_now(deliveries: Sequence[Delivery]) -> tuple[dict[int, int], datetime]:
    """With the rows locked: a change waits for us, or we see it. One that is missing was deleted."""
    rows = Interaction.objects.select_for_update().filter(pk__in={one.interaction_id for one in deliveries})
    found = list(rows.order_by("pk").values_list("pk", "version", clock.expression()))
    return {pk: version for pk, version, _ in found}, found[0][2] if found else clock.now()
