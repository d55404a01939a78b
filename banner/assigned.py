"""To which card of a CRM an interaction belongs already: an agent's choice first, then what a worker found."""

from __future__ import annotations

from crm.models import CRM
from interactions.models import Interaction

Assigned = tuple[str, str]
"""The object's API name and the card's id."""


def assigned_card(interaction: Interaction, crm: CRM) -> Assigned | None:
    chosen = interaction.choices.filter(crm=crm).values_list("card_object", "card_id").first()
    if chosen:
        return chosen
    written = interaction.deliveries.filter(assignment__target__crm=crm).exclude(card_id="").order_by("id")
    return written.values_list("card_object", "card_id").first()
