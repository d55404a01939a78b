"""Who may delete what is not written yet, and what stays known: else an operator makes a call disappear, or a repeat
makes a second record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _

from core import clock
from crm.vocabulary import FINISHED
from interactions.actions import discard
from interactions.models import DeletedInteraction, Delivery, DeliveryState, Interaction
from maker import history
from users.models import User

SETTLED = (DeliveryState.DELIVERED, DeliveryState.SKIPPED, DeliveryState.DISCARDED)
"""In any other state something is still to be written."""


class Kept(Exception): ...


class WasDeleted(Exception):
    def __init__(self, deleted: DeletedInteraction) -> None:
        super().__init__(_("An administrator deleted this interaction."))
        self.deleted = deleted


def require_not_deleted(**named: Any) -> None:
    """Raises WasDeleted. Asked after an insert, which waits for a deletion that is not committed yet."""
    if deleted := DeletedInteraction.objects.filter(**named).first():
        raise WasDeleted(deleted)


def delete(interactions: QuerySet[Interaction], by: User) -> int:
    """All of these, or none. Raises Kept."""
    with transaction.atomic():
        # As whoever changes them does: first the interactions, then their deliveries, each in the order of the ids.
        ids = list(interactions.order_by("pk").values_list("pk", flat=True))
        rows = Interaction.objects.filter(pk__in=ids)
        found = list(rows.select_for_update().order_by("pk"))
        list(Delivery.objects.select_for_update().filter(interaction__in=ids).order_by("pk").values_list("pk"))
        if obstacles := keeping(found, by):
            raise Kept(" ".join(obstacles))
        rows.delete()
    return len(found)


def keeping(interactions: Iterable[Interaction], by: User) -> list[str]:
    """Why these cannot be deleted now, or not by this person: one sentence for each that stands in the way."""
    found = {interaction.pk: interaction for interaction in interactions}
    deliveries = Delivery.objects.filter(interaction__in=found).order_by("pk")
    sending = set(_being_sent(deliveries).values_list("interaction_id", flat=True))
    told = [_("“%(call)s” is being sent right now. Try again in a moment.") % {"call": found[pk]} for pk in sending]
    if by.has_perm(discard.PERMISSION):
        return told
    unwritten = set(deliveries.exclude(state__in=SETTLED).values_list("interaction_id", flat=True))
    unwritten |= {pk for pk, interaction in found.items() if interaction.status not in FINISHED}
    text = _("“%(call)s” is not wholly written yet. To delete it takes the right “Can discard deliveries” too.")
    return told + [text % {"call": found[pk]} for pk in sorted(unwritten - sending)]


def _being_sent(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """One whose lease has ended sends nothing more: it asks before it does."""
    return deliveries.filter(state=DeliveryState.SENDING, lease_expires_at__gte=clock.now())


@receiver(pre_delete, sender=Interaction)
def _remember(instance: Interaction, **_event: Any) -> None:
    entry = history.note_deletion(instance, {"source": instance.source, "reference": instance.reference})
    states = Counter(Delivery.objects.filter(interaction=instance.pk).values_list("state", flat=True))
    deleted = DeletedInteraction(
        source=instance.source,
        reference=instance.reference,
        interaction_id=instance.pk,
        version=instance.version,
        deliveries=dict(states),
        deleted_by=entry.actor_email or "",
    )
    DeletedInteraction.objects.bulk_create([deleted], ignore_conflicts=True)  # two may delete it at once
