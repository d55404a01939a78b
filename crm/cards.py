"""The cards of a customer: what the screen-pop shows and deliveries are written on."""

from __future__ import annotations

from dataclasses import dataclass

from crm import keys
from crm.models import CRM, CRMObject, KnownCard
from crm.storage import Store
from crm.store import open_store
from integrations.errors import RecordGone
from integrations.types import Record, Search


@dataclass(frozen=True)
class Card:
    """A record of an object that is shown as card."""

    crm: CRM
    object: CRMObject
    record: Record


def candidates(
    crm: CRM,
    search: Search,
    *,
    foreground: bool = False,
    store: Store | None = None,
    whole: bool = True,
    remembered: bool = True,
) -> list[Card]:
    """The customer's cards in the first object, by priority, that has any. Raises the errors of the store.

    A card that we made ourselves is known by its id: the vendor's search shows it only minutes later (zoho-facts 4.6).
    `store` when it is open already; `whole`: see `known`. Without what is `remembered`, the store alone is asked.
    """
    if not search:
        return []
    store = store or open_store(crm, foreground=foreground)
    for target in card_objects(crm):
        ours = known(store, target, search, whole=whole) if remembered else []
        records = ours or store.find(target, search)
        if records:
            return [Card(crm, target, record) for record in records]
    return []


def card_objects(crm: CRM) -> list[CRMObject]:
    """The objects whose records are cards, in the order of the screen-pop."""
    return [target for target in crm.crm_objects.all() if target.is_card]


def known(store: Store, target: CRMObject, search: Search, *, whole: bool = True) -> list[Record]:
    """The card that is remembered for the customer, forgotten here when it is gone at the vendor.

    Unless it is wanted `whole`, only its id comes where the store refuses to write on a card that is gone: on
    RecordGone, the caller then has it forgotten and asks again.
    """
    remembered = KnownCard.objects.filter(object=target, customer__in=keys.of_search(search)).exclude(card_id="")
    for card_id in remembered.order_by("pk").values_list("card_id", flat=True):
        if not whole and store.refuses_lost_cards:
            return [Record(target.api_name, card_id, {})]
        try:
            return [store.read(target, card_id)]
        except RecordGone:
            forget(target, card_id)
    return []


def forget(target: CRMObject, card_id: str) -> None:
    """The card was trashed or merged away: look its customer up again from now on."""
    KnownCard.objects.filter(object=target, card_id=card_id).delete()
