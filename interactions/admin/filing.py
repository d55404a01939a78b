from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.customers.cards import Card, card_objects, of_object
from crm.models import CRM, CRMObject
from crm.stores.base import Store
from crm.stores.opening import open_store
from integrations import phones
from integrations.errors import IntegrationError, RecordGone
from integrations.types import Record, Search
from interactions.actions import assign, replay
from interactions.admin.decisions import DeliveryDialog
from interactions.customer import search_for
from interactions.models import DeliveryState
from maker.rows import Refused

CHOOSABLE = (DeliveryState.WAITING, DeliveryState.SKIPPED, DeliveryState.DEAD)
MOST = 20
"""How many cards are listed; to see others, look for something narrower."""
LONGEST_TOLD = 200
"""Characters of each value in the list."""
CARD = re.compile(r"([0-9]{1,18}):([A-Za-z0-9_-]{1,40})")
RECORD_ID = re.compile(r"[0-9]{16,25}")
"""Longer than any telephone number."""


@dataclass(frozen=True)
class Line:
    card: Card

    @property
    def value(self) -> str:
        return f"{self.card.object.pk}:{self.card.record.id}"

    @property
    def told(self) -> str:
        """What tells it from others of the same name."""
        values = self.card.record.values
        fields = [field for field in self.card.object.fields.all() if field.in_list]
        listed = [str(values.get(field.api_name) or "")[:LONGEST_TOLD] for field in fields]
        return " · ".join([self.card.object.name, *(text for text in listed if text and text not in self.title)])

    @property
    def title(self) -> str:
        return self.card.record.title[:LONGEST_TOLD] or self.card.record.id


class ChooseCard(DeliveryDialog):
    """Cards of the rule's CRM, found by what is known of the customer or by what the person types."""

    name = "card"
    title = _("Choose the card")
    icon = "contact_page"
    permissions: ClassVar[tuple[str, ...]] = ("view", replay.PERMISSION, "crm.view_crm")
    template = "interactions/choose_card.html"
    submit = _("Write it on this card")
    wide = True

    def offered(self) -> bool:
        return self.obj.state in CHOOSABLE and self.obj.assignment is not None

    def context(self) -> dict[str, Any]:
        if self.crm is None or not self.offered():
            return {"over": True, "done": True}
        told = {"crm": self.crm, "look_for": self._typed(), "search": self._search(), "most": MOST}
        try:
            found = [Line(card) for card in self._found(self.crm)]
        except IntegrationError as error:
            return told | {"trouble": str(error), "done": True}
        return told | {"found": found[:MOST], "more": len(found) > MOST, "done": not found}

    def perform(self, form: Form) -> HttpResponse | str | None:
        if "look" in self.request.POST:
            return self.render(form)
        if self.crm is None or not self.offered():
            raise Refused(_("It was written, discarded or taken up meanwhile, so it no longer needs a card."))
        self._file(self.crm, self.request.POST.get("card", ""))
        self.say(_("The card is chosen; the interaction is written on it now."))
        return self.back()

    def _file(self, crm: CRM, card: str) -> None:
        """Reads the card first, to be sure that it exists. Raises Refused."""
        chosen = CARD.fullmatch(card)
        target = next((one for one in card_objects(crm) if chosen and one.pk == int(chosen[1])), None)
        if chosen is None or target is None:
            raise Refused(_("Choose one of the cards."))
        interaction = self.obj.interaction  # asked for now: it may be deleted while the vendor answers
        try:
            record = open_store(crm, foreground=True).read(target, chosen[2])
            assign.assign(interaction, crm, target, record.id, self.request.user)  # type: ignore[arg-type]
        except IntegrationError as error:
            raise Refused(str(error)) from None
        except assign.NothingToWrite as reason:
            raise Refused(str(reason)) from None

    @cached_property
    def crm(self) -> CRM | None:
        return self.obj.assignment.target.crm if self.obj.assignment else None

    def _typed(self) -> str:
        return self.request.POST.get("look_for", "").replace("\0", "").strip()[:200]

    def _search(self) -> Search:
        text = self._typed()
        if not text:
            return search_for(self.obj.interaction)
        if "@" in text:
            return Search(email=text)
        return Search(phone=text) if phones.plain(text) else Search(name=text)

    def _found(self, crm: CRM) -> list[Card]:
        search = self._search()
        if not search:
            return []
        store, cards = open_store(crm, foreground=True), []
        for target in card_objects(crm):
            if RECORD_ID.fullmatch(self._typed()):
                records = _by_id(store, target, self._typed())
            else:
                records = of_object(store, target, search)
            cards += [Card(crm, target, record) for record in records]
        return cards


def _by_id(store: Store, target: CRMObject, card_id: str) -> list[Record]:
    try:
        return [store.read(target, card_id)]
    except RecordGone:
        return []
