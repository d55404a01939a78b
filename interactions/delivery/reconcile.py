"""New records show late (docs/zoho-facts.md 4.5): only a look that is begun after the vendor's delay, from when the
create left at the latest, shows that nothing is there.
"""

from __future__ import annotations

from datetime import timedelta

from crm.models import CRMObject
from crm.stores.base import Store
from integrations.types import Record
from interactions import reasons
from interactions.delivery import results
from interactions.delivery.outcome import Abort, Decision, dead
from interactions.models import Attempt, Delivery, DeliveryState
from interactions.queue import backoff
from interactions.queue.states import Claim
from outbound import deadline


def look(claim: Claim, delivery: Delivery, target: CRMObject, store: Store, attempt: Attempt) -> Record | None:
    """None when it certainly was not written. Raises Abort, LeaseLost, the errors of `integrations.errors`."""
    if not store.once_only:  # else a repeat does no harm, and counts as one all the same
        if not store.can_look:
            raise Abort(dead("unsettled", reasons.UNSEEN(crm=str(target.crm))))
        began = delivery.write_began_at
        assert began is not None  # noqa: S101 - whoever calls this has seen `may_exist`
        found = store.look_for(target, delivery.marker, began, delivery.sent_values)
        if found is not None:
            return found
        left = began + timedelta(seconds=store.settle_seconds + deadline.SECONDS) - attempt.started_at
        if left > timedelta(0):
            raise Abort(_again(delivery, left))
    results.absent(claim, delivery)
    if backoff.retry(delivery.attempts_made) is None:
        raise Abort(dead("unknown", reasons.SENT_MANY_TIMES))
    return None


def _again(delivery: Delivery, left: timedelta) -> Decision:
    wait = max(min(backoff.look(delivery.looks_made), left), timedelta(seconds=1))
    return Decision(DeliveryState.UNKNOWN, reasons.LOOKING, wait=wait, looked=True, kind="looking")
