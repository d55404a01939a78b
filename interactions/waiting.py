from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from interactions.models import Delivery
from interactions.queue.backoff import MINUTE
from interactions.queue.states import DUE


def due(delivery: Delivery) -> str:
    """When it is tried next, in words; empty when nobody will try it."""
    if delivery.state not in DUE or delivery.next_attempt_at is None:
        return ""
    return wait(delivery.next_attempt_at)


def wait(until: datetime) -> str:
    """How long from now on."""
    seconds = (until - timezone.now()).total_seconds()
    if seconds <= 0:
        return _("due now")
    if seconds < MINUTE:
        return _("due in %(n)d s") % {"n": seconds + 1}
    return _("due in %(time)s") % {"time": timeuntil(until, depth=1)}
