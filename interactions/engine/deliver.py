"""Carries out one claimed delivery: find the card, fill the form, write, note the outcome.

Each step that sends something is noted before and after (`record`), so that whoever takes over after a crash knows
whether the record may exist. Nothing is sent within a transaction.
"""

from __future__ import annotations

import logging

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, DataError
from django.utils.translation import gettext as _

from authmethods import status
from authmethods.models import Status as MethodStatus
from crm import clock
from crm.cards import Card
from crm.form import FormError, fill
from integrations.errors import IntegrationError, RecordGone
from interactions import context, open_forms
from interactions.engine import cards, outcome, portal, reconcile, record, update
from interactions.engine.claim import Claim, give_back
from interactions.engine.job import Job
from interactions.engine.outcome import Stop, Verdict
from interactions.engine.tour import Found, Tour
from interactions.models import Attempt, Delivery, DeliveryState

QUIET = ("", "card", "rule", "held", open_forms.KIND)
"""Verdicts that are no failure: before any request they leave no attempt."""

logger = logging.getLogger(__name__)


def deliver(claim: Claim, tour: Tour | None = None) -> Verdict | None:
    """Deliver, and write down what became of it; the verdict when it is not (or not yet) delivered.

    Lets through what says nothing about the delivery (the database gone, the worker's time over): the lease ends,
    and the sweep puts the delivery back.
    """
    tour = tour or Tour(claim)
    found = tour.delivery(claim)
    if found is None:
        return None
    try:
        return _attempted(claim, found, tour)
    except record.LeaseLost:
        give_back([claim])  # where it is ours still, and only not what we had read
        return None


def _attempted(claim: Claim, found: Found, tour: Tour) -> Verdict | None:
    delivery = found.delivery
    job: Job | None = None
    try:
        record.keep_lease(claim, delivery, found.at)
        job = _open(claim, delivery, tour)
        _work(job)
    except record.LeaseLost:
        raise
    except Exception as error:
        if _says_nothing(error):
            raise
        # Whatever else it is, this delivery must end somewhere.
        verdict = _verdict(error, delivery, job)
        _note(claim, delivery, job, verdict)
        return verdict
    return None


def _says_nothing(error: Exception) -> bool:
    """Whether the error says nothing about this delivery. A value that the database refuses does: raised again, it
    would end the whole batch each time that the delivery is tried.
    """
    return isinstance(error, (DatabaseError, SoftTimeLimitExceeded)) and not isinstance(error, DataError)


def _open(claim: Claim, delivery: Delivery, tour: Tour) -> Job:
    """The rule, its CRM and the way to it. Raises Stop when there is none now."""
    rule = tour.rule(delivery)
    if rule is None:
        raise Stop(outcome.dead("configuration", _("The rule of this delivery was deleted; nothing more is written.")))
    crm = rule.target.crm
    if (delivery.may_exist or delivery.remote_id) and delivery.portal != portal.of(crm.method):
        text = _(
            "The CRM leads to another portal than when this was sent, and nothing is written twice. Look for it in the "
            "former portal; or connect the CRM to that one again, then replay."
        )
        raise Stop(outcome.dead("configuration", text))
    if crm.method_id != delivery.method_id:
        claim.rows().update(method=crm.method)
    delivery.method = crm.method
    if crm.method and crm.method.status != MethodStatus.ENABLED:
        raise Stop(Verdict(DeliveryState.HELD, _("The authentication method is not enabled."), kind="held"))
    return Job(claim, delivery, rule, tour.store(crm))


def _work(job: Job) -> None:
    delivery = job.delivery
    if delivery.may_exist:
        attempt = job.begin(Attempt.Kind.LOOK)
        found = reconcile.look(job.claim, delivery, job.rule.target, job.store, attempt)
        job.finish("found" if found else "absent")
        if found:
            record.delivered(job.claim, delivery, found, delivery.sent_values, delivery.sent_version)
            return
    if delivery.remote_id:
        update.update(job)
    else:
        _create(job)


def _create(job: Job) -> None:
    card = cards.card_of(job.delivery, job.rule, job.store)
    try:
        _write(job, card)
    except RecordGone as error:
        # The card was merged or trashed since it was found: once, the customer is looked up again (zoho-facts.md 4.6).
        job.finish(error.kind, _verdict(error, job.delivery, job))
        record.unwritten(job.claim, job.delivery)
        cards.dropped(job.delivery, card)
        _write(job, cards.card_of(job.delivery, job.rule, job.store, gone=card.record.id))


def _write(job: Job, card: Card) -> None:
    delivery = job.delivery
    values = fill(job.rule, context.build(delivery.interaction, card.crm, card))
    job.attempt = record.begin_create(job.claim, delivery, values)
    written = job.store.create(job.rule.target, values, delivery.marker)
    record.delivered(job.claim, delivery, written, values, delivery.interaction.version, job.attempt)
    job.attempt = None


def _verdict(error: Exception, delivery: Delivery, job: Job | None) -> Verdict:
    if isinstance(error, Stop):
        return error.verdict
    if isinstance(error, FormError):
        return outcome.of_form(error)
    if isinstance(error, IntegrationError):
        creating = bool(job and job.attempt and job.attempt.kind == Attempt.Kind.CREATE)
        return outcome.of_error(error, delivery, clock.now(), creating=creating, usable=_usable(delivery))
    logger.exception("Delivery %s failed for a reason of our own.", delivery.marker)
    return outcome.of_bug(error)


def _usable(delivery: Delivery) -> bool:
    """Whether the method is enabled now; it may have been stopped, or reconnected, since the delivery was claimed."""
    return delivery.method is None or status.enabled(delivery.method.integration).filter(pk=delivery.method.pk).exists()


def _note(claim: Claim, delivery: Delivery, job: Job | None, verdict: Verdict) -> None:
    """Close the attempt (an error before any request leaves one too) and move the delivery. Raises LeaseLost."""
    attempt = job.attempt if job else None
    if attempt is None and verdict.kind not in QUIET:
        attempt = record.begin(claim, delivery, Attempt.Kind.PREPARE)
    if attempt:
        record.finish(attempt, verdict.kind, verdict)
    record.settled(claim, delivery, verdict)
