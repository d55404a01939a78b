"""The rows that promise to write an interaction, and what makes them due again."""

from __future__ import annotations

from authmethods.models import Status as MethodStatus
from crm import clock
from crm.models import CRM, Assignment
from crm.rules import Facts, matching
from interactions.engine import doorbell, marker
from interactions.engine.claim import AS_IT_STANDS
from interactions.models import Delivery, DeliveryState, Interaction

NOT_UNDER_WAY = (DeliveryState.DELIVERED, DeliveryState.WAITING, DeliveryState.SKIPPED, DeliveryState.DEAD)
"""States that a delivery does not leave by itself: a change of the interaction is a new chance for it."""


def promise(interaction: Interaction) -> None:
    """One delivery for each rule that matches a finished interaction and has none yet.

    Called within the transaction that stores the interaction, with its row locked.
    """
    if not interaction.is_finished:
        return
    done = set(interaction.deliveries.values_list("assignment_id", flat=True))
    new = [_delivery(interaction, rule) for rule in matching(facts(interaction)) if rule.pk not in done]
    Delivery.objects.bulk_create(new)
    doorbell.ring_on_commit({delivery.method_id for delivery in new})


def renew(interaction: Interaction, *, rules_too: bool) -> None:
    """The interaction changed: what is written is due again as an update, what was refused or left is tried again.

    What is being sent now is not touched: whoever records its result sees the new version.
    """
    wake(interaction)
    if rules_too:
        promise(interaction)


def wake(interaction: Interaction, crm: CRM | None = None) -> int:
    """Make due now the interaction's deliveries (of one CRM) that nobody works on; how many they were."""
    rows = interaction.deliveries.filter(state__in=NOT_UNDER_WAY, assignment__isnull=False)
    if crm is not None:
        rows = rows.filter(assignment__target__crm=crm)
    woken = list(rows.values_list("id", "method_id"))
    Delivery.objects.filter(pk__in=[pk for pk, _ in woken], state__in=NOT_UNDER_WAY).update(
        state=AS_IT_STANDS, next_attempt_at=clock.now(), attempts_made=0, looks_made=0
    )
    doorbell.ring_on_commit({method_id for _, method_id in woken})
    return len(woken)


def facts(interaction: Interaction) -> Facts:
    """What the conditions of rules look at."""
    return Facts(
        flow=interaction.flow,
        direction=interaction.direction,
        status=interaction.status,
        queue=interaction.queue,
        duration=interaction.duration,
    )


def _delivery(interaction: Interaction, rule: Assignment) -> Delivery:
    method = rule.target.crm.method
    held = method is not None and method.status != MethodStatus.ENABLED
    return Delivery(
        interaction=interaction,
        assignment=rule,
        method=method,
        state=DeliveryState.HELD if held else DeliveryState.PENDING,
        next_attempt_at=clock.now(),
        marker=marker.new(),
    )
