"""New records on cards about which nobody has to be asked, looked up in two queries; the rest is left to `deliver`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from crm.customers import remembered
from crm.customers.cards import Card, card_objects
from crm.form import FormError, fill
from crm.models import CRM
from crm.rules import applies_to_card, reads_the_card
from integrations.types import Record
from interactions import context
from interactions.customer import search_for
from interactions.delivery.job import Job
from interactions.models import CardChoice


class Ready(NamedTuple):
    job: Job
    values: Mapping[str, object]


def ready(jobs: Sequence[Job]) -> list[Ready]:
    rules = {job.rule.pk: job.rule for job in jobs}
    by_id_alone = {pk for pk, rule in rules.items() if not reads_the_card(rule)}
    usual = [job for job in jobs if job.rule.pk in by_id_alone and _is_usual(job)]
    usual.sort(key=lambda job: job.rule.target.crm_id)
    of_crms = [(of_one[0].rule.target.crm, of_one) for of_one in _grouped(usual)]
    return [found for crm, of_one in of_crms for job, card in _cards(crm, of_one) if (found := _filled(job, card))]


def _grouped(jobs: list[Job]) -> list[list[Job]]:
    return [list(group) for _, group in groupby(jobs, key=lambda job: job.rule.target.crm_id)]


def _is_usual(job: Job) -> bool:
    """A new record at a vendor that would refuse it on a card that is gone."""
    delivery = job.delivery
    is_new = not delivery.may_exist and not delivery.remote_id and not delivery.alone
    return is_new and job.store.refuses_lost_cards


def _cards(crm: CRM, jobs: Sequence[Job]) -> Iterator[tuple[Job, Card]]:
    """The card that the agent picked, the one noted on the delivery, or the only one that we know (`remembered`)."""
    named = _named(crm, jobs)
    targets = {target.api_name: target for target in crm.crm_objects.all()}
    unnamed = [job for job in jobs if job.delivery.pk not in named]
    first = next(iter(card_objects(crm)), None)
    if first and unnamed:
        known = remembered.of_each(first, [search_for(job.delivery.interaction) for job in unnamed])
        for job, one in zip(unnamed, known, strict=True):
            if one.is_enough and job.store.settle_seconds > 0:
                named[job.delivery.pk] = first.api_name, one.ids[0]
    for job in jobs:
        name, card_id = named.get(job.delivery.pk, ("", ""))
        if target := targets.get(name):
            yield job, Card(crm, target, Record(name, card_id, {}))


def _named(crm: CRM, jobs: Sequence[Job]) -> dict[int, tuple[str, str]]:
    changed = [job.delivery.interaction_id for job in jobs if job.delivery.interaction.version > 1]
    chosen = CardChoice.objects.filter(crm=crm, interaction__in=changed)
    choices = {pk: (name, card_id) for pk, name, card_id in chosen.values_list("interaction", "card_object", "card_id")}
    named = {
        job.delivery.pk: choices.get(job.delivery.interaction_id, (job.delivery.card_object, job.delivery.card_id))
        for job in jobs
    }
    return {pk: card for pk, card in named.items() if card[1]}


def _filled(job: Job, card: Card) -> Ready | None:
    if not applies_to_card(job.rule, card.object):
        return None
    try:
        values = fill(job.rule, context.build(job.delivery.interaction, card.crm, card))
    except FormError:
        return None
    job.delivery.card_object, job.delivery.card_id = card.object.api_name, card.record.id
    return Ready(job, values)
