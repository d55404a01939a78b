"""The one card of a customer: found, or made at most once, however many workers need it at the same moment.

A vendor's search does not show a contact made seconds ago, so two workers who search and then create make two.
Here the row of `KnownCard` decides: whoever inserts it may create, the others wait, and it stays for good with the
card's id. A create whose answer was lost is looked for until the vendor surely shows it, and only then repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core import clock
from crm import form, identity
from crm.customers import claims
from crm.customers.cards import STAND_IN_ID, Card, candidates, card_objects, found_only, known
from crm.customers.claims import Claim
from crm.customers.remembered import forget, remember
from crm.models import CRM, CRMObject, OnNone, OnSeveral
from crm.stores.base import Store
from crm.stores.opening import open_store
from integrations.errors import IntegrationError, OutcomeUnknown, Refused
from integrations.types import Record, Search
from outbound import deadline

__all__ = ["Match", "Resolution", "card_for", "forget", "look_up", "make", "remember"]

RETRY = timedelta(seconds=3)
LATELY = timedelta(minutes=15)
"""How far back a refused card is looked for among the newest ones."""


class Match(StrEnum):
    CARD = "card"
    SEVERAL = "several"
    NONE = "none"
    """What `crm.on_none` says is to be done."""
    WITHHELD = "withheld"
    """None, and none may be made now."""
    LATER = "later"
    """It is being made, or may have been."""


@dataclass(frozen=True)
class Resolution:
    """`card` for CARD (`is_new`: made just now), `cards` for SEVERAL, `retry_at` (UTC) for LATER."""

    kind: Match
    card: Card | None = None
    cards: tuple[Card, ...] = ()
    retry_at: datetime | None = None
    is_new: bool = False


def card_for(
    crm: CRM,
    search: Search,
    context: Mapping[str, object],
    *,
    claimed_by: str,
    store: Store | None = None,
    whole: bool = True,
    gone: Collection[str] = (),
    may_make: Callable[[], bool] = lambda: True,
    before_making: Callable[[Card], None] = lambda card: None,
) -> Resolution:
    """The card on which to write, following the CRM's settings. `claimed_by` names the caller, at most 40 characters.

    `store` when it is open already; unless the card is wanted `whole`, its id may be all that comes, and a search of
    some minutes ago counts (`cards.of_object`); `gone`: see `look_up`; `may_make` is asked where no card is found:
    without its leave nothing is made or decided (WITHHELD); `before_making` gets the card as it would be, without an
    id of the store, and may raise to prevent it. An anonymous customer (no number, no e-mail) is NONE
    even where cards are created: nothing would tell them from the next one.
    Call outside of any transaction. Raises form.FormError when a new card cannot be filled, and those of the store.
    """
    found = _of(crm, candidates(crm, search, store=store, whole=whole, lately=True), gone)
    if found.kind != Match.NONE:
        return found
    targets = card_objects(crm)
    if not targets or not identity.of_search(search):
        return Resolution(Match.NONE)
    if not may_make():
        return Resolution(Match.WITHHELD)
    if crm.on_none != OnNone.CREATE:
        return Resolution(Match.NONE)
    values = form.new_card(targets[0], context)
    before_making(Card(crm, targets[0], Record(targets[0].api_name, STAND_IN_ID, values)))
    return make(store or open_store(crm), targets[0], search, values, claimed_by=claimed_by, whole=whole)


def look_up(crm: CRM, search: Search, *, store: Store, gone: Collection[str] = ()) -> Resolution:
    """As the store shows it, whatever is remembered, and without making one: CARD, SEVERAL or NONE. Raises the errors
    of the store. Cards that are `gone` (ids) count only where nothing else is found: a search shows them for a while,
    beside the card into which they were merged.
    """
    return _of(crm, found_only(crm, search, store), gone)


def _of(crm: CRM, found: list[Card], gone: Collection[str]) -> Resolution:
    found = [card for card in found if card.record.id not in gone] or found
    if len(found) == 1:
        return Resolution(Match.CARD, found[0])
    if found and crm.on_several == OnSeveral.LATEST:
        return Resolution(Match.CARD, max(found, key=_changed))
    return Resolution(Match.SEVERAL, cards=tuple(found)) if found else Resolution(Match.NONE)


def _changed(card: Card) -> datetime:
    return card.record.modified_at or datetime.min.replace(tzinfo=UTC)


def make(
    store: Store,
    target: CRMObject,
    search: Search,
    values: Mapping[str, object],
    *,
    claimed_by: str,
    whole: bool = True,
) -> Resolution:
    """Made at most once: CARD or LATER. `search` holds a number or an e-mail. Outside of any transaction. Raises the
    errors of the store.
    """
    claim = claims.take(target, identity.of_search(search), claimed_by)
    if claim is None:
        # Somebody else has it, or has finished since we searched.
        records = known(store, target, search, whole=whole)
        return Resolution(Match.CARD, Card(target.crm, target, records[0])) if records else _later(target, search)
    written = _written(store, claim, values)
    if written is None:
        return _later(target, search)
    claims.settle(claim, written.record.id)
    return Resolution(Match.CARD, Card(target.crm, target, written.record), is_new=written.is_new)


@dataclass(frozen=True)
class _Written:
    """`is_new`: it holds the values that the caller gave; another may hold those of somebody else."""

    record: Record
    is_new: bool


def _written(store: Store, claim: Claim, values: Mapping[str, object]) -> _Written | None:
    """The card of this claim, made by an earlier holder or now; None while nobody can say whether it was made."""
    would_show = _would_show(store, claim)  # asked before the look, which must come after the settling time
    record = _written_before(store, claim, values)
    if record is not None:
        return _Written(record, is_new=False)
    if not would_show:
        claims.pause(claim)
        return None
    with deadline.within(deadline.Deadline()):
        return _created(store, claim, values) if claims.begin_write(claim, values) else None


def _written_before(store: Store, claim: Claim, values: Mapping[str, object]) -> Record | None:
    if claim.write_began_at is None:
        return None
    try:
        return store.look_for(claim.target, claim.marker, claim.write_began_at, claim.sent_values or values)
    except IntegrationError:
        claims.pause(claim)
        raise


def _would_show(store: Store, claim: Claim) -> bool:
    if claim.write_began_at is None:
        return True
    settled = timedelta(seconds=store.settle_seconds + deadline.SECONDS)
    return clock.now() >= claim.write_began_at + settled


def _created(store: Store, claim: Claim, values: Mapping[str, object]) -> _Written | None:
    """The new card; None when its outcome is unknown, so that the next to come looks for it."""
    try:
        return _Written(store.create(claim.target, values, claim.marker), is_new=True)
    except OutcomeUnknown:
        claims.pause(claim)
        return None
    except Refused:
        # It may be refused because somebody made the card meanwhile, where the search does not show it yet.
        try:
            existing = store.look_for(claim.target, claim.marker, clock.now() - LATELY, values)
        except IntegrationError:
            existing = None
        if existing is None:
            claims.release(claim)
            raise
        return _Written(existing, is_new=False)
    except IntegrationError:
        claims.release(claim)
        raise


def _later(target: CRMObject, search: Search) -> Resolution:
    began = claims.written_since(target, identity.of_search(search))
    return Resolution(Match.LATER, retry_at=clock.now() + (claims.rest(began) if began else RETRY))
