from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from crm.customers import resolve
from crm.models import CRM, Assignment, CRMObject
from crm.rules import applies_to_card
from interactions.customer import search_for
from interactions.models import CardChoice, Interaction
from interactions.queue import outbox
from maker import history
from users.models import User


class NothingToWrite(Exception):
    """No rule of the CRM writes this interaction on such a card. Nothing was changed."""


def assign(interaction: Interaction, where: Assignment | CRM, target: CRMObject, card_id: str, by: User) -> Interaction:
    """What is written moves to the card, what is being sent follows as an update; before its end the choice is kept.
    Raises NothingToWrite. Permissions are the caller's to check.
    """
    crm = where if isinstance(where, CRM) else where.target.crm
    if target.crm_id != crm.pk:
        raise NothingToWrite(_("This card is not one of the CRM's. Choose it again."))
    with transaction.atomic():
        current = Interaction.objects.select_for_update().filter(pk=interaction.pk).first()
        if current is None:
            raise NothingToWrite(_("This interaction was deleted meanwhile, so nothing is written of it."))
        outbox.enqueue(current)
        if current.is_finished:
            _check(current, crm, target)
        _choose(current, crm, target, card_id, by)
        current.version += 1
        current.save(update_fields=["version"])
        outbox.requeue_known(current, crm)
    return current


def _choose(interaction: Interaction, crm: CRM, target: CRMObject, card_id: str, by: User) -> None:
    before = CardChoice.objects.filter(interaction=interaction, crm=crm).values_list("card_id", flat=True).first()
    CardChoice.objects.update_or_create(
        interaction=interaction,
        crm=crm,
        defaults={"card_object": target.api_name, "card_id": card_id, "chosen_by": by},
    )
    resolve.remember(target, search_for(interaction), card_id)
    history.note(interaction, _("card in %(crm)s") % {"crm": crm.name}, before or "", card_id, by)


def _check(interaction: Interaction, crm: CRM, target: CRMObject) -> None:
    rules = Assignment.objects.filter(deliveries__interaction=interaction, target__crm=crm)
    if not any(applies_to_card(rule, target) for rule in rules):
        text = _("No rule of %(crm)s writes this interaction on such a card. An administrator can add one.")
        raise NothingToWrite(text % {"crm": crm.name})
