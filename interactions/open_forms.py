"""While an agent has the form of a new card open, no card is made by itself. The page says every few seconds that it
is there; one that stays silent counts as gone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from core import clock
from crm.models import CRM
from interactions.models import Delivery, DeliveryState, Interaction, OpenForm
from interactions.queue import wakeup
from users.models import User

SILENCE = timedelta(seconds=90)
"""A page that says nothing for so long is gone. One in the background may renew its form once a minute only."""
LONGEST = timedelta(minutes=10)
"""The longest that a form is waited for."""
FORGOTTEN = timedelta(days=1)
KIND = "form_open"
"""What a delivery that waits for a form is known by."""


def hold(interaction: Interaction, crm: CRM, agent: User, token: str) -> bool:
    """False once it has been open for too long."""
    now = clock.now()
    with transaction.atomic():
        row, created = OpenForm.objects.select_for_update().get_or_create(
            interaction=interaction,
            crm=crm,
            agent=agent,
            defaults={"token": token, "opened_at": now, "expires_at": now + SILENCE},
        )
        if created:
            OpenForm.objects.filter(agent=agent, expires_at__lt=now - FORGOTTEN).delete()
            return True
        if row.expires_at <= now and row.token != token:
            row.opened_at = now
        row.token = token
        row.expires_at = min(now + SILENCE, row.opened_at + LONGEST)
        row.save(update_fields=["token", "opened_at", "expires_at"])
        return row.expires_at > now


def close(interaction: Interaction, crm: CRM, agent: User, token: str = "") -> None:
    """`token` names one of several; without it all are closed. Workers go on at once."""
    rows = OpenForm.objects.filter(interaction=interaction, crm=crm, agent=agent)
    if token:
        rows = rows.filter(token=token)
    if not rows.delete()[0]:
        return
    waiting = Delivery.objects.filter(
        interaction=interaction, assignment__target__crm=crm, state=DeliveryState.PENDING, error_kind=KIND
    )
    found = list(waiting.values_list("pk", "method_id"))
    Delivery.objects.filter(pk__in=[pk for pk, _ in found], state=DeliveryState.PENDING).update(
        next_attempt_at=clock.now()
    )
    wakeup.notify_on_commit({method_id for _, method_id in found})


def open_until(interaction_id: int, crm: CRM) -> datetime | None:
    """Until when a form of this interaction counts as open unless its page renews it (UTC); None when none is open."""
    rows = OpenForm.objects.filter(interaction=interaction_id, crm=crm, expires_at__gt=clock.expression())
    return rows.order_by("-expires_at").values_list("expires_at", flat=True).first()
