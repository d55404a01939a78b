"""Meanwhile the record may be gone, or its card (docs/zoho-facts.md 4.6). The record itself says where the vendor
moved it; for a card that an agent picked the customer is looked up again. Else a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.reasons import Reason
from crm.customers import resolve
from crm.customers.cards import Card
from crm.form import fill
from crm.rules import fields_of_the_card, fields_of_the_id
from integrations.errors import RecordGone
from integrations.types import Record
from interactions import context, reasons
from interactions.customer import search_for
from interactions.delivery import card as cards
from interactions.delivery import journal, outcome, results
from interactions.delivery.job import UNKNOWN, Job
from interactions.delivery.outcome import MOST_GONE, Abort, Decision
from interactions.models import Attempt, Delivery, DeliveryState
from interactions.queue import backoff


def update(job: Job) -> None:
    """Send the difference; nothing when nothing changed. Raises Abort, LeaseLost, FormError, what the store does."""
    card = cards.named(job.delivery, job.rule.target.crm)
    try:
        _send(job, cards.filled(card, job.rule, job.store) if card else None, {})
    except RecordGone as error:
        _close(job, error)
        there = _there(job)
        if card is None or not cards.is_gone(card, job.store):
            raise  # something else that the update names
        resolve.forget(card.object, card.record.id)
        says = _says(job, there)
        followed = _followed(job, card, says)
        if _moves(job.delivery, card):
            _send_elsewhere(job, card, followed, says)
        else:
            _send(job, followed, says)


def _send(job: Job, card: Card | None, says: Mapping[str, str]) -> None:
    """What comes from the card stays without one; what the record `says` of it counts as sent."""
    delivery = job.delivery
    sent = {**delivery.sent_values, **says}
    values = _values(job, card, sent)
    written = _patched(job, values, sent)
    if card:
        delivery.card_object, delivery.card_id = card.object.api_name, card.record.id
    job.delivered(written, values)


def _values(job: Job, card: Card | None, sent: Mapping[str, Any]) -> dict[str, object]:
    told = context.build(job.delivery.interaction, job.rule.target.crm, card)
    if card:
        return journal.plain(fill(job.rule, told))
    of_card = fields_of_the_card(job.rule)
    kept = {name: value for name, value in sent.items() if name in of_card}
    return journal.plain(fill(job.rule, told, without=of_card)) | kept


def _patched(job: Job, values: Mapping[str, object], sent: Mapping[str, Any]) -> Record:
    cleared = dict.fromkeys(sent.keys() - values.keys(), "")
    news = {name: value for name, value in values.items() if sent.get(name) != value} | cleared
    if not news:
        return Record(job.rule.target.api_name, job.delivery.remote_id, {}, url=job.delivery.remote_url)
    job.begin_update(news)
    return job.update(news)


def _close(job: Job, error: RecordGone) -> None:
    job.finish(error.kind, outcome.of_error(error, job.delivery, creating=False, usable=True))


def _there(job: Job) -> Record:
    """Raises Abort when it is gone itself."""
    job.begin(Attempt.Kind.LOOK)
    try:
        found = job.store.read(job.rule.target, job.delivery.remote_id)
    except RecordGone:
        raise Abort(outcome.dead("gone", reasons.TRASHED)) from None
    job.finish("found")
    return found


def _moves(delivery: Delivery, card: Card) -> bool:
    return (card.object.api_name, card.record.id) != (delivery.card_object, delivery.card_id)


def _says(job: Job, there: Record) -> dict[str, str]:
    """What the record says of its card, in the fields that were sent with the card's id."""
    sent, by_id = job.delivery.sent_values, fields_of_the_id(job.rule)
    written = [
        name
        for name, value in sent.items()
        if str(value) == job.delivery.card_id or (value is UNKNOWN and name in by_id)
    ]
    return {name: str(there.values[name]) for name in written if there.values.get(name)}


def _followed(job: Job, gone: Card, says: Mapping[str, str]) -> Card | None:
    """By its own word: vendors move the records of a merged card, and a move of ours may have had no answer."""
    ids = set(says.values()) - {job.delivery.card_id, gone.record.id}
    if len(ids) != 1:
        return None
    try:
        return cards.filled(replace(gone, record=Record(gone.object.api_name, ids.pop(), {})), job.rule, job.store)
    except RecordGone:
        return None


def _send_elsewhere(job: Job, gone: Card, followed: Card | None, says: Mapping[str, str]) -> None:
    """Raises Abort, and then it stays. `followed`: the card of somebody else's choice, on which it is by now."""
    card = _found_again(job, gone)
    if followed and followed.record.id != card.record.id and not cards.is_gone(followed, job.store):
        raise _left(job, _asks(reasons.MOVED))
    try:
        _send(job, card, says)
    except RecordGone as error:
        _close(job, error)
        raise _left(job, _shown_still(job.delivery)) from None
    cards.picked_instead(job.delivery, gone, card)


def _found_again(job: Job, gone: Card) -> Card:
    """Another card of the customer that is surely there; none is made for a record that has one. Raises Abort."""
    without = [gone.record.id]
    while True:
        search, crm = search_for(job.delivery.interaction), job.rule.target.crm
        found = resolve.look_up(crm, search, store=job.store, gone=without)
        if found.card is None:
            raise _left(job, _asks(reasons.SEVERAL_CARDS if found.kind == resolve.Match.SEVERAL else reasons.NO_CARD))
        if found.card.record.id in without:
            raise _left(job, _shown_still(job.delivery))
        if not cards.is_gone(found.card, job.store):
            return found.card
        resolve.forget(found.card.object, found.card.record.id)
        without.append(found.card.record.id)


def _shown_still(delivery: Delivery) -> Decision:
    """The search shows nothing but cards that are gone: its index follows within minutes."""
    if delivery.attempts_made >= MOST_GONE:
        return _asks(reasons.NO_OTHER_CARD)
    wait = backoff.retry(delivery.attempts_made + 1)
    return Decision(DeliveryState.PENDING, reasons.CARD_GONE, wait=wait, burns=True, kind="gone")


def _asks(reason: Reason) -> Decision:
    return cards.left_to_a_person(reasons.PICKED_CARD_GONE(cause=reason))


def _left(job: Job, decision: Decision) -> Abort:
    sent = job.delivery.sent_values
    values = _values(job, None, sent)
    _patched(job, values, sent)
    results.partly_sent(job.claim, job.delivery, values)
    job.finish("delivered")
    return Abort(decision)
