"""A person decides that a delivery is not to be written, and says why. It can still be replayed."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from interactions.models import Delivery, DeliveryState
from maker import history
from users.models import User

PERMISSION = "interactions.discard_delivery"
DISCARDABLE = (DeliveryState.WAITING, DeliveryState.DEAD, DeliveryState.SKIPPED, DeliveryState.HELD)
"""Where nobody works on it. From these a change of the interaction makes it due again; from DISCARDED it does not."""
LONGEST_REASON = 300


def may_discard(delivery: Delivery) -> bool:
    """Whether there is anything to discard."""
    return delivery.state in DISCARDABLE


def discard(delivery: Delivery, why: str, by: User) -> bool:
    """Set it aside; False when it has moved on meanwhile. Raises PermissionDenied."""
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    reason = _("Discarded by %(who)s: %(why)s") % {"who": by, "why": why[:LONGEST_REASON]}
    with transaction.atomic():
        found = Delivery.objects.select_for_update().filter(pk=delivery.pk, state__in=DISCARDABLE).first()
        if found is None:
            return False
        before = str(found.get_state_display())
        found.state, found.reason, found.next_attempt_at = DeliveryState.DISCARDED, reason[:500], None
        found.save(update_fields=["state", "reason", "next_attempt_at"])
        # Without the reason: what a person writes may name the customer, and the history outlives the call.
        history.note(found, "state", before, str(found.get_state_display()), by)
    return True
