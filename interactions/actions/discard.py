from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from interactions import reasons
from interactions.models import Delivery, DeliveryState
from interactions.queue import states
from maker import history
from users.models import User

PERMISSION = "interactions.discard_delivery"
DISCARDABLE = states.Transition.DISCARD.sources
"""Where nobody works on it. From these a change of the interaction makes it due again; from DISCARDED it does not."""
LONGEST_REASON = 300


def may_discard(delivery: Delivery) -> bool:
    return delivery.state in DISCARDABLE


def discard(delivery: Delivery, why: str, by: User) -> bool:
    """Set it aside; False when it has moved on meanwhile. Raises PermissionDenied."""
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    reason = reasons.DISCARDED(name=str(by), reason=why[:LONGEST_REASON])
    with transaction.atomic():
        found = Delivery.objects.select_for_update().filter(pk=delivery.pk, state__in=DISCARDABLE).first()
        if found is None:
            return False
        states.discard(Delivery.objects.filter(pk=found.pk), reason=reason)
        # Without the reason: what a person writes may name the customer, and the history outlives the call.
        history.note(found, "state", str(found.get_state_display()), str(DeliveryState.DISCARDED.label), by)
    return True
