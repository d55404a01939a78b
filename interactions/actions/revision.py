from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from interactions.actions import agents, changes
from interactions.actions.changes import ChangeRefused
from interactions.api.schemas import InteractionIn
from interactions.models import Delivery, Interaction

KEPT = {"reference", "subject", "qualification", "customer_email", "post_interaction_seconds"}
"""What such a reading does not tell: people or another source may have."""


def changes_of(items: Mapping[int, InteractionIn]) -> dict[int, str]:
    """What would change of which interactions (by id), in words."""
    if not items:
        return {}
    values = _values(items)
    changed = {}
    for interaction in Interaction.objects.select_related("agent").filter(pk__in=values):
        words = [
            f"{name} {getattr(interaction, name) or '–'} → {value or '–'}"
            for name, value in values[interaction.pk].items()
            if getattr(interaction, name) != value and name not in ("extra", "agent")
        ]
        if words or interaction.extra != values[interaction.pk]["extra"]:
            changed[interaction.pk] = ", ".join(words) or "extra"
    return changed


def revise(items: Mapping[int, InteractionIn]) -> dict[int, ChangeRefused]:
    """By id; gives those whose result would contradict itself, which stay. Deliveries update the records."""
    if not items:
        return {}
    refused = {}
    values = _values(items)
    with transaction.atomic():
        rows = Interaction.objects.select_for_update(of=("self",)).select_related("agent").filter(pk__in=values)
        for interaction in rows.order_by("reference"):
            try:
                changes.apply(interaction, values[interaction.pk])
            except ChangeRefused as refusal:
                refused[interaction.pk] = refusal
    return refused


def withdraw(ids: Collection[int]) -> int:
    """Delete what turned out to be part of another one, if nothing of it may be written. Gives how many stay."""
    if not ids:
        return 0
    with transaction.atomic():
        found = Interaction.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        wanted = {interaction.pk for interaction in found}
        deliveries = Delivery.objects.select_for_update().filter(interaction__in=wanted).order_by("pk")
        written = {one.interaction_id for one in deliveries if one.remote_id or one.write_began_at}
        Interaction.objects.filter(pk__in=wanted - written).delete()
    return len(written)


def _values(items: Mapping[int, InteractionIn]) -> dict[int, dict[str, Any]]:
    told = {pk: item.model_dump(exclude=KEPT) for pk, item in items.items()}
    by_username = agents.of(told.values())
    return {pk: changes.columns(one, by_username) for pk, one in told.items()}
