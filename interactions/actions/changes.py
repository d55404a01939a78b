from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.vocabulary import Status
from interactions.actions import agents
from interactions.actions.deletion import WasDeleted
from interactions.api.schemas import Contradiction, InteractionChange, check_channel, check_kind, check_order
from interactions.models import DeletedInteraction, Interaction
from interactions.queue import outbox
from users.models import User

OF_THE_RULES = {"flow", "direction", "status", "kind", "queue", "answered_at", "ended_at", "processing_seconds"}
"""What the conditions of rules look at: a change of these may make another rule match."""
ORDER = {Status.RINGING: 0, Status.IN_PROGRESS: 1}
"""How far an unfinished interaction is; every other status is an end."""


class ChangeRefused(Exception):
    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{problem}; nothing was changed.")
        self.field = self.place = field


def change(interaction: Interaction, changes: InteractionChange) -> Interaction:
    """Apply what is said explicitly, empty values included. Raises ChangeRefused, WasDeleted."""
    told = changes.model_dump(exclude_unset=True)
    with transaction.atomic():
        current = Interaction.objects.select_for_update().filter(pk=interaction.pk).first()
        if current is None:
            raise WasDeleted(DeletedInteraction.objects.get(interaction_id=interaction.pk))
        if told.get("status", current.status) is None:
            del told["status"]
        if current.is_finished and told.get("status", Status.COMPLETED) in ORDER:
            raise ChangeRefused("status", "This interaction is finished and stays so")
        apply(current, columns(told, agents.of([told])))
    return current


def columns(told: dict[str, Any], by_username: Mapping[str, User]) -> dict[str, Any]:
    for name in ("channel", "kind"):
        if name in told:
            told[name] = told[name] or ""
    if "agent" in told:
        told["agent_email"] = told.pop("agent")
        told["agent"] = by_username.get(told["agent_email"].lower())
    return told


def repeat(interaction: Interaction, values: dict[str, Any]) -> None:
    """It fills what was empty and moves the status on; while the interaction is under way the newest word wins. A
    late repeat undoes nothing. Raises ChangeRefused.
    """
    apply(interaction, _news(interaction, values))


def apply(interaction: Interaction, values: dict[str, Any]) -> None:
    """Raises ChangeRefused."""
    if values.get("status", Status.MISSED) not in (Status.MISSED, Status.CANCELED):
        values = {"kind": "", **values}  # somebody talks now: why nobody had is no longer true
    changed = {name for name, value in values.items() if getattr(interaction, name) != value}
    if not changed:
        return
    was_finished, before = interaction.is_finished, {name: getattr(interaction, name) for name in changed}
    for name in changed:
        setattr(interaction, name, values[name])
    try:
        _check(interaction)
    except ChangeRefused:
        for name, value in before.items():
            setattr(interaction, name, value)
        raise
    interaction.version += 1
    interaction.save(update_fields=[*changed, "version"])
    outbox.requeue(interaction, rules_too=not was_finished or bool(changed & OF_THE_RULES))


def _news(interaction: Interaction, values: dict[str, Any]) -> dict[str, Any]:
    news = {
        name: value
        for name, value in values.items()
        if value not in ("", None, {}) and (not interaction.is_finished or getattr(interaction, name) in ("", None, {}))
    }
    if interaction.is_finished or ORDER.get(values["status"], 2) < ORDER.get(Status(interaction.status), 2):
        news.pop("status", None)
        if values["status"] != interaction.status:
            news.pop("kind", None)
    return news


def _check(interaction: Interaction) -> None:
    try:
        check_order(interaction.started_at, interaction.answered_at, interaction.ended_at)
        check_channel(interaction.flow, interaction.channel)
        check_kind(interaction.status, interaction.kind)
    except Contradiction as error:
        raise ChangeRefused(error.field, str(error)) from None
