from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models import CRM
from interactions import open_forms
from interactions.models import Delivery
from interactions.models import DeliveryState as State


@dataclass(frozen=True)
class Words:
    """`weight` orders states by how much they ask of the agent."""

    weight: int
    tone: str
    title: Promise
    explanation: Promise | str = ""


FORM_OPEN = open_forms.KIND
_OF_ITSELF = _("Deskline writes it by itself; you need not wait.")
_TYPING = _("It is written once you save the card or leave the form, in ten minutes at the latest.")
_LOOKS = _("The answer was lost. Deskline looks before it writes again.")
_KEPT = _("It is kept, and written once an administrator reconnects the CRM.")
_TELL = _("Nothing is lost. Tell your administrator, who can send it again.")
_WORDS: dict[str, Words] = {
    State.DELIVERED: Words(0, "good", _("Written")),
    State.SKIPPED: Words(1, "quiet", _("Not written"), _("A rule of your administrator says so.")),
    State.DISCARDED: Words(1, "quiet", _("Not written"), _("An administrator set it aside.")),
    State.PENDING: Words(2, "busy", _("On its way"), _OF_ITSELF),
    State.SENDING: Words(2, "busy", _("On its way"), _OF_ITSELF),
    FORM_OPEN: Words(2, "busy", _("Waits for your form"), _TYPING),
    State.UNKNOWN: Words(3, "busy", _("Checking"), _LOOKS),
    State.HELD: Words(4, "warn", _("Waiting for the connection"), _KEPT),
    State.WAITING: Words(5, "warn", _("Waiting for you"), _("Choose the card to which this interaction belongs.")),
    State.DEAD: Words(6, "bad", _("Could not be written"), _TELL),
}


@dataclass(frozen=True)
class Progress:
    crm: str
    state: str
    url: str
    card: tuple[str, str]
    waits_for_form: bool = False

    @property
    def words(self) -> Words:
        return _WORDS[FORM_OPEN if self.waits_for_form else self.state]

    @property
    def weight(self) -> int:
        return self.words.weight


def progress_of(delivery: Delivery, crm: CRM) -> Progress:
    waits_for_form = delivery.state == State.PENDING and delivery.error_kind == open_forms.KIND
    card = (delivery.card_object, delivery.card_id)
    return Progress(crm.name, delivery.state, delivery.remote_url, card, waits_for_form)
