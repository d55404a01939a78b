"""To which card of a CRM an interaction belongs already: an agent's choice first, then what a worker found."""

from __future__ import annotations

from collections.abc import Iterable

from crm.models import CRM
from interactions.models import CardChoice, Delivery, Interaction

Assigned = tuple[str, str]
"""The object's API name and the card's id."""


def assigned_cards(choices: Iterable[CardChoice], deliveries: Iterable[Delivery]) -> dict[int, Assigned]:
    """The same for each CRM (by its primary key), of what was loaded already in the order of primary keys."""
    found: dict[int, Assigned] = {}
    for choice in choices:
        found.setdefault(choice.crm_id, (choice.card_object, choice.card_id))
    for delivery in deliveries:
        if delivery.assignment and delivery.card_id:
            found.setdefault(delivery.assignment.target.crm_id, (delivery.card_object, delivery.card_id))
    return found


def assigned_card(interaction: Interaction, crm: CRM) -> Assigned | None:
    choices = interaction.choices.filter(crm=crm)
    deliveries = interaction.deliveries.filter(assignment__target__crm=crm).exclude(card_id="")
    written = deliveries.select_related("assignment__target").order_by("pk")
    return assigned_cards(choices, written).get(crm.pk)
