"""Which cards are remembered for a customer: the one that we made ourselves, and the one that somebody assigned.

They add to what a search finds, and never replace it. A search costs the vendor's credits, so its answer is believed
for a few minutes where it showed nobody but the card that we made: the vendor's own index is no younger than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import DateTimeField, F, Q, Value

from crm import clock, keys
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
    customers = keys.of_search(search)
    if not customers:
        return Remembered((), is_enough=False)
    of_customer = Q(object=target, customer__in=customers)
    now = clock.told()
    made = KnownCard.objects.filter(of_customer).exclude(card_id="").annotate(order=Value(0), at=F("searched_at"))
    assigned = RememberedCard.objects.filter(of_customer).annotate(order=Value(1), at=NEVER)
    columns = ("order", "pk", "card_id", "at", "now")
    rows = [card.annotate(now=now).order_by().values_list(*columns) for card in (made, assigned)]
    found = list(rows[0].union(rows[1], all=True).order_by("order", "pk"))
    ids = tuple(dict.fromkeys(card_id for _, _, card_id, _, _ in found))
    fresh = [at for _, _, _, at, now in found if at and now - at < BELIEVED]
    return Remembered(ids, is_enough=len(ids) == 1 and len(fresh) == len(customers))


def searched(target: CRMObject, search: Search, card_id: str) -> None:
    """A search has just shown nobody but this card."""
    ours = KnownCard.objects.filter(object=target, customer__in=keys.of_search(search), card_id=card_id)
    ours.update(searched_at=clock.now())


def remember(target: CRMObject, search: Search, card_id: str) -> None:
    """Somebody assigned an interaction of the customer to this card. The last assignment counts."""
    for customer in keys.of_search(search):
        RememberedCard.objects.update_or_create(object=target, customer=customer, defaults={"card_id": card_id})


def forget(target: CRMObject, card_id: str) -> None:
    """The card was trashed or merged away: look its customer up again from now on."""
    for rows in (KnownCard.objects, RememberedCard.objects):
        rows.filter(object=target, card_id=card_id).delete()
