"""Takes interactions in. What these functions return is committed: from then on the promise of delivery holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from crm.vocabulary import Status
from interactions import deletion
from interactions.deletion import WasDeleted
from interactions.engine import outbox
from interactions.models import DeletedInteraction, Interaction
from interactions.schemas import Contradiction, InteractionChange, InteractionIn, check_channel, check_order
from users.models import User

OF_THE_RULES = {"flow", "direction", "status", "queue", "answered_at", "ended_at", "processing_seconds"}
"""What the conditions of rules look at: a change of these may make another rule match."""
ORDER = {Status.RINGING: 0, Status.IN_PROGRESS: 1}
"""How far an unfinished interaction is; every other status is an end."""


class ChangeRefused(Exception):
    """The change of `field` contradicts what is known; the text says how. Nothing was changed."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{problem}; nothing was changed.")
        self.field = self.place = field


class ItemRefused(ChangeRefused):
    """The same of one of a list: `index` says which, `place` with its field (`3.ended_at` for the fourth)."""

    def __init__(self, index: int, refusal: ChangeRefused) -> None:
        Exception.__init__(self, str(refusal))
        self.index, self.field = index, refusal.field
        self.place = f"{index}.{refusal.field}"


class Accepted(NamedTuple):
    interaction: Interaction
    created: bool


def accept(source: str, data: InteractionIn) -> Accepted:
    """Store an interaction and the promise to write it, in one transaction.

    The same source and reference again is the same interaction: it fills what was empty and moves the status on,
    and never overwrites (a late repeat of an old request must not undo a change); while the interaction is under
    way, the newest word wins. Raises ChangeRefused when the result contradicts itself, WasDeleted for one that somebody
    deleted.
    """
    values = _columns(data.model_dump(exclude={"reference"}))
    with transaction.atomic():
        interaction = _known(source, data.reference)
        if interaction is None:
            try:
                with transaction.atomic():
                    interaction = Interaction.objects.create(source=source, reference=data.reference, **values)
            except IntegrityError:  # another process was faster with the same reference
                interaction = _known(source, data.reference)
                if interaction is None:  # and is deleted again
                    deletion.require_not_deleted(source=source, reference=data.reference)
                    raise
            else:
                deletion.require_not_deleted(source=source, reference=data.reference)
                outbox.promise(interaction)
                return Accepted(interaction, created=True)
        _apply(interaction, _news(interaction, values))
    return Accepted(interaction, created=False)


def accept_all(source: str, items: Sequence[InteractionIn]) -> list[Accepted | DeletedInteraction]:
    """Keep all of them or, when anything fails, none; answered in their order. Raises ItemRefused.

    One that somebody deleted is no failure: it would keep the others of its list out for ever.
    """
    # Sorted, so that two requests with the same references never wait for each other; stable for repeats within one.
    order = sorted(range(len(items)), key=lambda index: items[index].reference)
    with transaction.atomic():
        done = {index: _accept_one(source, items, index) for index in order}
    return [done[index] for index in range(len(items))]


def _accept_one(source: str, items: Sequence[InteractionIn], index: int) -> Accepted | DeletedInteraction:
    try:
        return accept(source, items[index])
    except WasDeleted as known:
        return known.deleted
    except ChangeRefused as refusal:
        raise ItemRefused(index, refusal) from None


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
        _apply(current, _columns(told))
    return current


def _known(source: str, reference: str) -> Interaction | None:
    return Interaction.objects.select_for_update().filter(source=source, reference=reference).first()


def _columns(told: dict[str, Any]) -> dict[str, Any]:
    """What the source said, by the names of our columns."""
    if "channel" in told:
        told["channel"] = told["channel"] or ""
    if "agent" in told:
        told["agent_email"] = told.pop("agent")
        told["agent"] = User.objects.filter(username__iexact=told["agent_email"]).first()
    return told


def _news(interaction: Interaction, values: dict[str, Any]) -> dict[str, Any]:
    """What a repeated post adds."""
    news = {
        name: value
        for name, value in values.items()
        if value not in ("", None, {}) and (not interaction.is_finished or getattr(interaction, name) in ("", None, {}))
    }
    if interaction.is_finished or ORDER.get(values["status"], 2) < ORDER.get(Status(interaction.status), 2):
        news.pop("status", None)
    return news


def _apply(interaction: Interaction, values: dict[str, Any]) -> None:
    changed = {name for name, value in values.items() if getattr(interaction, name) != value}
    if not changed:
        return
    was_finished = interaction.is_finished
    for name in changed:
        setattr(interaction, name, values[name])
    _check(interaction)
    interaction.version += 1
    interaction.save(update_fields=[*changed, "version"])
    outbox.renew(interaction, rules_too=not was_finished or bool(changed & OF_THE_RULES))


def _check(interaction: Interaction) -> None:
    try:
        check_order(interaction.started_at, interaction.answered_at, interaction.ended_at)
        check_channel(interaction.flow, interaction.channel)
    except Contradiction as error:
        raise ChangeRefused(error.field, str(error)) from None
