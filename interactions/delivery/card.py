from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn

from core import clock
from core.reasons import Reason
from crm import identity
from crm.customers import resolve
from crm.customers.cards import Card
from crm.form import FormError, fill
from crm.models import CRM, Assignment, OnNone
from crm.rules import applies_to_card, reads_the_card
from crm.stores.base import Store
from integrations.errors import RecordGone
from integrations.types import Record
from interactions import context, open_forms, reasons
from interactions.customer import search_for
from interactions.delivery.outcome import Abort, Decision
from interactions.models import CardChoice, Delivery, DeliveryState
from interactions.queue import backoff


def card_of(delivery: Delivery, rule: Assignment, store: Store, *, gone: str = "") -> Card:
    """Noted on the delivery. Raises Abort, or the errors of `integrations.errors`. `gone`: the id of a card that was
    merged or trashed.
    """
    card = named(delivery, rule.target.crm)
    if card:
        try:
            card = filled(card, rule, store)
        except RecordGone:
            dropped(delivery, card)
            gone = card.record.id
            card = None
    card = card or _searched(delivery, rule, store, gone)
    delivery.card_object, delivery.card_id = card.object.api_name, card.record.id
    _require_wanted(rule, card)
    return card


def _require_wanted(rule: Assignment, card: Card) -> None:
    if not applies_to_card(rule, card.object):
        reason = reasons.CARD_NOT_ASKED_FOR(object=card.object.name)
        raise Abort(Decision(DeliveryState.SKIPPED, reason, kind="rule"))


def _would_serve(delivery: Delivery, rule: Assignment, store: Store, card: Card) -> None:
    """Raises what prevents the record for which the card would be made."""
    _require_wanted(rule, card)
    values = fill(rule, context.build(delivery.interaction, card.crm, card))
    validation_errors = store.validation_errors(rule.target, values)
    if missing := {name: why for name, why in validation_errors.items() if name not in values}:
        raise FormError(missing)  # what else may be wrong, the vendor says of the record itself


def dropped(delivery: Delivery, card: Card) -> None:
    """The vendor does not know this card any more (merged or trashed): nobody shall use it again."""
    resolve.forget(card.object, card.record.id)
    CardChoice.objects.filter(
        interaction=delivery.interaction_id, crm=card.crm, card_object=card.object.api_name, card_id=card.record.id
    ).delete()
    delivery.card_object = delivery.card_id = ""


def named(delivery: Delivery, crm: CRM) -> Card | None:
    choice = _choice(delivery, crm)
    name, card_id = (choice.card_object, choice.card_id) if choice else (delivery.card_object, delivery.card_id)
    target = next((target for target in crm.crm_objects.all() if card_id and target.api_name == name), None)
    return Card(crm, target, Record(target.api_name, card_id, {})) if target else None


def filled(card: Card, rule: Assignment, store: Store) -> Card:
    """Read only where more of it is used than its id, or where nobody else would say that it is gone. Raises
    RecordGone.
    """
    if store.refuses_lost_cards and not reads_the_card(rule):
        return card
    return replace(card, record=store.read(card.object, card.record.id))


def is_gone(card: Card, store: Store) -> bool:
    try:
        return store.read(card.object, card.record.id).id != card.record.id
    except RecordGone:
        return True


def picked_instead(delivery: Delivery, gone: Card, card: Card) -> None:
    """Whoever picked a card that is gone now picked this one, unless they have chosen again."""
    CardChoice.objects.filter(
        interaction=delivery.interaction_id, crm=gone.crm, card_object=gone.object.api_name, card_id=gone.record.id
    ).update(card_object=card.object.api_name, card_id=card.record.id)


def _choice(delivery: Delivery, crm: CRM) -> CardChoice | None:
    if delivery.interaction.version == 1:
        return None  # each choice makes a new version (`choose.assign`)
    return CardChoice.objects.filter(interaction=delivery.interaction_id, crm=crm).first()


def _searched(delivery: Delivery, rule: Assignment, store: Store, gone: str) -> Card:
    crm = rule.target.crm
    search = search_for(delivery.interaction)
    if not identity.of_search(search):
        _leave(crm, reasons.ANONYMOUS)
    told = context.build(delivery.interaction, crm)
    whole = reads_the_card(rule)
    found = resolve.card_for(
        crm,
        search,
        told,
        claimed_by=delivery.marker,
        store=store,
        whole=whole,
        gone=[gone] if gone else [],
        may_make=lambda: open_forms.open_until(delivery.interaction_id, crm) is None,
        before_making=partial(_would_serve, delivery, rule, store),
    )
    if found.kind == resolve.Match.WITHHELD:
        raise Abort(_waits_for_form(open_forms.open_until(delivery.interaction_id, crm) or clock.now()))
    if found.kind == resolve.Match.LATER:
        rest = found.retry_at - clock.now() if found.retry_at else timedelta(0)
        raise Abort(Decision(DeliveryState.PENDING, reasons.CARD_IN_THE_MAKING, wait=max(backoff.shared_card(), rest)))
    if found.kind == resolve.Match.SEVERAL:
        raise Abort(left_to_a_person(reasons.SEVERAL_CARDS))
    if found.kind == resolve.Match.NONE or found.card is None:
        _leave(crm, reasons.NO_CARD)
    return found.card


def _waits_for_form(until: datetime) -> Decision:
    wait = max(min(until - clock.now(), backoff.form_open()), timedelta(seconds=1))
    return Decision(DeliveryState.PENDING, reasons.FORM_OPEN, wait=wait, kind=open_forms.KIND)


def _leave(crm: CRM, reason: Reason) -> NoReturn:
    """What the CRM wants done without a card; a card for nobody is never made. Raises Abort."""
    if crm.on_none == OnNone.SKIP:
        raise Abort(Decision(DeliveryState.SKIPPED, reason, kind="card"))
    raise Abort(left_to_a_person(reason))


def left_to_a_person(reason: Reason) -> Decision:
    return Decision(DeliveryState.WAITING, reasons.PICK_A_CARD(cause=reason), kind="card")
