from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from authmethods.models import Status as MethodStatus
from core import clock
from core.bulk import insert_each
from crm.models import CRM, Assignment
from crm.rules import Facts, active, matching
from interactions.delivery import portal
from interactions.models import Delivery, DeliveryState, Installation, Interaction
from interactions.queue import marker, states, wakeup
from interactions.queue.states import NOT_UNDER_WAY

AT_ONCE = 500
"""Rows of one statement."""


def enqueue(interaction: Interaction) -> None:
    """For each rule that matches and has none yet. Within the transaction that stores it, with its row locked."""
    if not interaction.is_finished:
        return
    done = set(interaction.deliveries.values_list("assignment_id", flat=True))
    rules = [rule for rule in active() if rule.pk not in done]
    enqueue_all([interaction], rules, now=clock.now(), installation=Installation.load())


def enqueue_all(
    interactions: Iterable[Interaction], rules: Collection[Assignment], *, now: datetime, installation: Installation
) -> None:
    """The deliveries of finished interactions that have none for these rules yet, due now (the database's clock)."""
    new = [
        _delivery(interaction, rule, now, installation)
        for interaction in interactions
        if interaction.is_finished
        for rule in matching(rules, facts(interaction))
    ]
    for start in range(0, len(new), AT_ONCE):
        insert_each(new[start : start + AT_ONCE])
    wakeup.notify_on_commit({delivery.method_id for delivery in new})


def requeue(interaction: Interaction, *, rules_too: bool) -> None:
    """What is being sent is not touched: whoever records its result sees the new version."""
    requeue_known(interaction)
    if rules_too:
        enqueue(interaction)


def requeue_known(interaction: Interaction, crm: CRM | None = None) -> int:
    """Make due now the interaction's deliveries (of one CRM) that nobody works on; how many they were."""
    rows = interaction.deliveries.filter(state__in=NOT_UNDER_WAY, assignment__isnull=False)
    if crm is not None:
        rows = rows.filter(assignment__target__crm=crm)
    woken = list(rows.values_list("id", "method_id"))
    states.requeue(Delivery.objects.filter(pk__in=[pk for pk, _ in woken]), now=clock.now())
    wakeup.notify_on_commit({method_id for _, method_id in woken})
    return len(woken)


def facts(interaction: Interaction) -> Facts:
    return Facts(
        flow=interaction.flow,
        direction=interaction.direction,
        kind=interaction.kind,
        status=interaction.status,
        queue=interaction.queue,
        duration=interaction.duration,
    )


def _delivery(interaction: Interaction, rule: Assignment, now: datetime, installation: Installation) -> Delivery:
    method = rule.target.crm.method
    delivery = Delivery(
        interaction=interaction,
        assignment=rule,
        method=method,
        next_attempt_at=now,
        marker=marker.of(interaction, rule, installation.marker_key),
    )
    if method is None:
        return delivery
    until = installation.look_first_until
    if until and interaction.started_at < until:  # it may have been written before the backup was restored
        delivery.state = DeliveryState.UNKNOWN
        delivery.write_began_at, delivery.portal = installation.written_since, portal.of(method)
    if method.status != MethodStatus.ENABLED:
        delivery.state = DeliveryState.HELD
    return delivery
