"""Find the card, fill the form, write. Each request is noted before and after (`journal`), so that whoever takes over
knows whether the record may exist. Nothing is sent within a transaction.
"""

from __future__ import annotations

import logging

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, DataError, IntegrityError

from authmethods import status
from authmethods.grants import SecretsUnreadable
from authmethods.models import Status as MethodStatus
from crm.customers.cards import Card
from crm.form import FormError, fill
from integrations.errors import IntegrationError, RecordGone
from interactions import context, open_forms, reasons
from interactions.delivery import card as cards
from interactions.delivery import journal, outcome, portal, reconcile, results, update
from interactions.delivery.batch import Batch, Found
from interactions.delivery.job import Job
from interactions.delivery.outcome import Abort, Decision
from interactions.models import Attempt, Delivery, DeliveryState
from interactions.queue import states
from interactions.queue.states import Claim
from outbound.deadline import TooLate

QUIET = ("", "card", "rule", "held", open_forms.KIND)
"""Decisions that are no failure: before any request they leave no attempt."""

logger = logging.getLogger(__name__)


def deliver(claim: Claim, batch: Batch | None = None) -> Decision | None:
    """The decision when it is not (yet) delivered. Lets through what says nothing about the delivery: then the lease
    ends.
    """
    opened = open_job(claim, batch or Batch(claim))
    return carry_out(opened) if isinstance(opened, Job) else opened


def open_job(claim: Claim, batch: Batch) -> Job | Decision | None:
    """The delivery with all that writing it needs; the decision where it ends here, None where the claim is lost."""
    found = batch.delivery(claim)
    if found is None:
        return None
    try:
        journal.keep_lease(claim, found.delivery, found.at)
        job = _opened(claim, found, batch)
        if found.delivery.alone:  # whatever happens from here on, it began
            job.begin(Attempt.Kind.PREPARE)
    except journal.LeaseLost:
        _left(claim)
        return None
    except Exception as error:  # noqa: BLE001 - `concluded` raises again what says nothing about the delivery
        return concluded(error, claim, found.delivery)
    return job


def carry_out(job: Job, *, gone: str = "") -> Decision | None:
    """Do what is to be done for it; the decision when it is not delivered. `gone`: the id of a card that is no more."""
    try:
        _work(job, gone)
    except journal.LeaseLost:
        _left(job.claim)
        return None
    except Exception as error:  # noqa: BLE001 - as above
        return concluded(error, job.claim, job.delivery, job)
    return None


def concluded(error: Exception, claim: Claim, delivery: Delivery, job: Job | None = None) -> Decision | None:
    """Note what the error means for the delivery. Raises it again where it says nothing about it."""
    if _says_nothing(error):
        raise error
    if isinstance(error, (SecretsUnreadable, TooLate)):
        return _left_to_others(error, claim, job)
    # Whatever else it is, this delivery must end somewhere.
    decision = _decision(error, delivery, job)
    try:
        _note(claim, delivery, job, decision)
    except journal.LeaseLost:
        _left(claim)
        return None
    return decision


def dropped_card(job: Job, error: RecordGone) -> str:
    """The create was refused, for the card is no more (zoho-facts.md 4.6). Once, the customer is looked up again.
    Raises LeaseLost.
    """
    job.finish(error.kind, _decision(error, job.delivery, job))
    results.unwritten(job.claim, job.delivery)
    card = cards.named(job.delivery, job.rule.target.crm)
    gone = job.delivery.card_id
    if card:
        cards.dropped(job.delivery, card)
    return gone


def _left_to_others(error: SecretsUnreadable | TooLate, claim: Claim, job: Job | None) -> Decision:
    """Nothing was sent, for a reason of this process (wrong keys, or it stood still): whoever is next goes on."""
    if job and job.attempt and job.attempt.kind == Attempt.Kind.CREATE:
        results.not_sent([(claim, job.attempt)])
    else:
        if job:
            job.finish(error.kind)
        states.put_back([claim])
    return Decision(DeliveryState.PENDING, error.reason, kind=error.kind)


def _left(claim: Claim) -> None:
    states.put_back([claim])  # where it is ours still, and only not what we had read


def _says_nothing(error: Exception) -> bool:
    """A value that the database refuses does: raised again, it would end the batch each time."""
    of_the_delivery = isinstance(error, (DataError, IntegrityError))
    return isinstance(error, (DatabaseError, SoftTimeLimitExceeded)) and not of_the_delivery


def _opened(claim: Claim, found: Found, batch: Batch) -> Job:
    """Raises Abort when there is none now."""
    delivery = found.delivery
    rule = batch.rule(delivery)
    if rule is None:
        raise Abort(outcome.dead("configuration", reasons.RULE_DELETED))
    crm = rule.target.crm
    if (delivery.may_exist or delivery.remote_id) and delivery.portal != portal.of(crm.method):
        raise Abort(outcome.dead("configuration", reasons.OTHER_PORTAL))
    if crm.method_id != delivery.method_id:
        claim.rows().update(method=crm.method)
    delivery.method = crm.method
    if crm.method and crm.method.status != MethodStatus.ENABLED:
        raise Abort(Decision(DeliveryState.HELD, reasons.NOT_ENABLED, kind="held"))
    return Job(claim, delivery, rule, batch.store(crm))


def _work(job: Job, gone: str) -> None:
    delivery = job.delivery
    if delivery.may_exist:
        attempt = job.begin(Attempt.Kind.LOOK)
        found = reconcile.look(job.claim, delivery, job.rule.target, job.store, attempt)
        job.finish("found" if found else "absent")
        if found:
            known = results.Written(job.claim, delivery, found, delivery.sent_values, delivery.sent_version)
            results.delivered([known])
            return
    if delivery.remote_id:
        update.update(job)
    else:
        _create(job, gone)


def _create(job: Job, gone: str) -> None:
    try:
        _write(job, cards.card_of(job.delivery, job.rule, job.store, gone=gone))
    except RecordGone as error:
        if gone or not job.attempt or job.attempt.kind != Attempt.Kind.CREATE:
            raise
        gone = dropped_card(job, error)
        _write(job, cards.card_of(job.delivery, job.rule, job.store, gone=gone))


def _write(job: Job, card: Card) -> None:
    values = fill(job.rule, context.build(job.delivery.interaction, card.crm, card))
    job.begin_create(values)
    job.delivered(job.create(values), values)


def _decision(error: Exception, delivery: Delivery, job: Job | None) -> Decision:
    if isinstance(error, Abort):
        return error.decision
    if isinstance(error, FormError):
        return outcome.of_form(error)
    if isinstance(error, IntegrationError):
        creating = bool(job and job.attempt and job.attempt.kind == Attempt.Kind.CREATE)
        return outcome.of_error(error, delivery, creating=creating, usable=_usable(delivery))
    logger.exception("Delivery %s failed for a reason of our own.", delivery.marker)
    return outcome.of_bug(error)


def _usable(delivery: Delivery) -> bool:
    """Whether the method is enabled now; it may have been stopped, or reconnected, since the delivery was claimed."""
    return delivery.method is None or status.enabled(delivery.method.integration).filter(pk=delivery.method.pk).exists()


def _note(claim: Claim, delivery: Delivery, job: Job | None, decision: Decision) -> None:
    """Raises LeaseLost."""
    attempt = job.attempt if job else None
    if attempt is None and decision.kind not in QUIET:
        attempt = journal.begin(claim, delivery, Attempt.Kind.PREPARE)
    if attempt:
        journal.finish(attempt, decision.kind, decision)
    results.settled(claim, delivery, decision)
