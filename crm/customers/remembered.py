"""The card that we made, and the one that somebody assigned: they add to what a search finds. A search costs credits,
so its answer is believed for some minutes where it showed nobody but the card that we made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import DateTimeField, F, Q, Value

from core import clock
from crm import identity
from crm.models import CRMObject, KnownCard, RememberedCard
from integrations.types import Search

NEVER = Value(None, output_field=DateTimeField())
BELIEVED = timedelta(minutes=15)
"""How long an answer of the search counts: as long as a vendor's index may take to show a new card."""


@dataclass(frozen=True)
class Remembered:
    """The ids of the cards. `is_enough`: a search of late showed nobody but this one, under each of the keys."""

    ids: tuple[str, ...]
    is_enough: bool


def of(target: CRMObject, search: Search) -> Remembered:
    return of_each(target, [search])[0]


def of_each(target: CRMObject, searches: Sequence[Search]) -> list[Remembered]:
    keys = [identity.of_search(search) for search in searches]
    wanted = {key for keys_of_one in keys for key in keys_of_one}
    rows = _rows(target, wanted) if wanted else []
    return [_remembered(keys_of_one, [row for row in rows if row.customer in keys_of_one]) for keys_of_one in keys]


class _Row(NamedTuple):
    order: int
    pk: int
    customer: str
    card_id: str
    at: datetime | None
    now: datetime


def _rows(target: CRMObject, customers: Collection[str]) -> list[_Row]:
    of_customers = Q(object=target, customer__in=customers)
    made = KnownCard.objects.filter(of_customers).exclude(card_id="").annotate(order=Value(0), at=F("searched_at"))
    assigned = RememberedCard.objects.filter(of_customers).annotate(order=Value(1), at=NEVER)
    rows = [card.annotate(now=clock.expression()).order_by().values_list(*_Row._fields) for card in (made, assigned)]
    return [_Row(*row) for row in rows[0].union(rows[1], all=True).order_by("order", "pk")]


def _remembered(customers: Sequence[str], rows: Sequence[_Row]) -> Remembered:
    ids = tuple(dict.fromkeys(row.card_id for row in rows))
    fresh = [row for row in rows if row.at and row.now - row.at < BELIEVED]
    return Remembered(ids, is_enough=bool(customers) and len(ids) == 1 and len(fresh) == len(customers))


def searched(target: CRMObject, search: Search, card_id: str) -> None:
    """A search has just shown nobody but this card."""
    ours = KnownCard.objects.filter(object=target, customer__in=identity.of_search(search), card_id=card_id)
    ours.update(searched_at=clock.now())


def remember(target: CRMObject, search: Search, card_id: str) -> None:
    """Somebody assigned an interaction of the customer to this card. The last assignment counts."""
    for customer in identity.of_search(search):
        RememberedCard.objects.update_or_create(object=target, customer=customer, defaults={"card_id": card_id})


def forget(target: CRMObject, card_id: str) -> None:
    """The card was trashed or merged away: look its customer up again from now on."""
    for rows in (KnownCard.objects, RememberedCard.objects):
        rows.filter(object=target, card_id=card_id).delete()
