"""Recent interactions, for the preview beside the form of a rule."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format

from crm.customers.cards import STAND_IN_ID
from crm.models import CRM
from crm.preview import Sample, register
from interactions import context
from interactions.models import Delivery, Interaction
from users.models import User

MOST = 5


@register
def recent(crm: CRM, user: User) -> list[Sample]:
    """For those who may see interactions. Nothing is asked of the vendor."""
    if not user.has_perm("interactions.view_interaction"):
        return []
    newest = list(Interaction.objects.select_related("agent")[:MOST])
    cards = _cards(crm, newest)
    return [_sample(crm, one, cards.get(one.pk, {})) for one in newest]


def _sample(crm: CRM, interaction: Interaction, card: dict[str, str]) -> Sample:
    customer = interaction.customer_name or interaction.customer_phone or interaction.customer_email
    began = date_format(timezone.localtime(interaction.started_at), "SHORT_DATETIME_FORMAT")
    words = (interaction.get_flow_display(), interaction.get_direction_display(), customer, began)
    known = {"id": STAND_IN_ID, "url": "", "title": customer, "object": ""} | card
    return Sample(
        key=str(interaction.pk),
        label=" · ".join(str(word) for word in words if word),
        context=context.build(interaction, crm) | {"card": known},
    )


def _cards(crm: CRM, interactions: Iterable[Interaction]) -> dict[int, dict[str, str]]:
    """The cards that were found for them in this CRM, by the interaction's primary key."""
    rows = Delivery.objects.filter(interaction__in=list(interactions), assignment__target__crm=crm).exclude(card_id="")
    return {row.interaction_id: {"id": row.card_id, "object": row.card_object} for row in rows}
