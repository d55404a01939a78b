"""A backup was restored: what it does not know of was written since, and nothing of that is written twice."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from authmethods.models import AuthenticationMethod
from core import clock
from interactions.delivery import portal
from interactions.models import Delivery, Installation
from interactions.queue import states


class LookFirst(NamedTuple):
    """How many open deliveries are looked for first, and until when (UTC) new ones are, too."""

    open: int
    until: datetime


def look_first(since: datetime) -> LookFirst:
    """`since`: when the backup was begun (UTC). Cards of a local CRM were restored with their deliveries and need no
    look.
    """
    with transaction.atomic():
        now = clock.now()
        Installation.load()
        Installation.objects.update(written_since=since, look_first_until=now)
        count = 0
        for method in AuthenticationMethod.objects.all():
            rows = Delivery.objects.filter(method=method, remote_id="", write_began_at=None)
            count += rows.update(write_began_at=since, portal=portal.of(method))
        states.look_first(Delivery.objects.filter(states.MAY_EXIST))
    return LookFirst(count, now)
