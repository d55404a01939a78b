"""What magic fields can read of an interaction, its card, its agent and its CRM: texts, numbers and times only."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.customers.cards import Card
from crm.models import CRM
from crm.vocabulary import Direction, Flow
from interactions.models import Interaction

OF_INTERACTION = (
    "reference", "flow", "channel", "direction", "status", "kind", "customer_phone", "customer_email", "customer_name",
    "queue", "subject", "started_at", "answered_at", "ended_at", "duration", "waiting_seconds", "processing_seconds",
    "post_interaction_seconds", "recording_url", "qualification", "extra",
)  # fmt: skip
NOUNS = {Flow.VOICE: _("call"), Flow.EMAIL: _("e-mail"), Flow.MESSAGING: _("message")}


def build(interaction: Interaction, crm: CRM, card: Card | None = None) -> dict[str, Any]:
    """The roots of magic fields: `interaction.*`, `card.*`, `user.*`, `crm.*`."""
    told = {name: getattr(interaction, name) for name in OF_INTERACTION}
    told["subject"] = told["subject"] or _subject(interaction)
    return {
        "interaction": told,
        "card": _card(card) if card else {},
        "user": _user(interaction),
        "crm": {"name": crm.name, "reference": crm.reference, "department_id": crm.department_id},
    }


def _subject(interaction: Interaction) -> str:
    """For the many interactions that have none: vendors require one (docs/zoho-facts.md 4.5)."""
    customer = interaction.customer_name or interaction.customer_phone or interaction.customer_email or _("unknown")
    inbound = interaction.direction == Direction.INBOUND
    text = _("Inbound %(noun)s from %(customer)s") if inbound else _("Outbound %(noun)s to %(customer)s")
    return str(text % {"noun": NOUNS[Flow(interaction.flow)], "customer": customer})


def _card(card: Card) -> dict[str, Any]:
    record = card.record
    own = {"id": record.id, "url": record.url, "title": record.title, "object": card.object.api_name}
    return {**record.values, **own}


def _user(interaction: Interaction) -> dict[str, str]:
    agent = interaction.agent
    if agent is None:
        return {"email": interaction.agent_email, "name": ""}
    return {"email": agent.username, "name": agent.name}
