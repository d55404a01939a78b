from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.customers import remembered
from crm.models import CRM, CRMObject
from crm.stores.base import Store
from crm.stores.opening import open_store
from integrations.errors import RecordGone
from integrations.types import Record, Search

STAND_IN_ID = "100000000000000001"
"""Of a card that is not made yet."""


@dataclass(frozen=True)
class Card:
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
    lately: bool = False,
) -> list[Card]:
    """In the first object, by priority, that has any. Raises the errors of the store. `whole`, `lately`: see
    `of_object`.
    """
    if not search:
        return []
    store = store or open_store(crm, foreground=foreground)
    for target in card_objects(crm):
        records = of_object(store, target, search, whole=whole, lately=lately)
        if records:
            return [Card(crm, target, record) for record in records]
    return []


def found_only(crm: CRM, search: Search, store: Store) -> list[Card]:
    """The same as the store's search shows it, whatever is remembered. Raises the errors of the store."""
    for target in card_objects(crm) if search else ():
        if records := store.find(target, search):
            return [Card(crm, target, record) for record in records]
    return []


def card_objects(crm: CRM) -> list[CRMObject]:
    """In the order of the screen-pop."""
    return [target for target in crm.crm_objects.all() if target.is_card]


def of_object(
    store: Store, target: CRMObject, search: Search, *, whole: bool = True, lately: bool = False
) -> list[Record]:
    """What the search shows, and what is remembered: a card that we made shows only minutes later. `lately`: an
    answer of some minutes ago will do. Not `whole`: a card that is alone comes as its id where the store refuses to
    write on one that is gone.
    """
    ours = remembered.of(target, search)
    lags = store.settle_seconds > 0
    if lately and lags and ours.is_enough and (records := _read(store, target, ours.ids, whole=whole)):
        return records
    found = {record.id: record for record in store.find(target, search)}
    others = [card_id for card_id in ours.ids if card_id not in found]
    alone = len(others) == 1 and not found
    for record in _read(store, target, others, whole=whole or not alone):
        found.setdefault(record.id, record)
    if lately and lags and len(found) == 1 and tuple(found) == ours.ids:
        remembered.searched(target, search, ours.ids[0])
    return list(found.values())


def known(store: Store, target: CRMObject, search: Search, *, whole: bool = True) -> list[Record]:
    """The cards that are remembered for the customer, without a search; see `of_object`."""
    return _read(store, target, remembered.of(target, search).ids, whole=whole)


def _read(store: Store, target: CRMObject, ids: Iterable[str], *, whole: bool) -> list[Record]:
    """What is gone at the vendor is forgotten."""
    records = []
    for card_id in ids:
        if not whole and store.refuses_lost_cards:
            records.append(Record(target.api_name, card_id, {}))
            continue
        try:
            records.append(store.read(target, card_id))
        except RecordGone:
            remembered.forget(target, card_id)
    return records
