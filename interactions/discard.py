"""A person decides that a delivery is not to be written, and says why. It can still be replayed."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from interactions.models import Delivery, DeliveryState
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
    rows = Delivery.objects.filter(pk=delivery.pk, state__in=DISCARDABLE)
    return bool(rows.update(state=DeliveryState.DISCARDED, reason=reason[:500], next_attempt_at=None))
