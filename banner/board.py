from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from banner.assigned import assigned_cards
from banner.context import AgentContext
from banner.progress import Progress, progress_of
from interactions import live
from interactions.models import CardChoice, Delivery, Interaction

SHOWN = 20
"""How many interactions each list holds; older ones are the Maker's business."""


@dataclass(frozen=True)
class Line:
    interaction: Interaction
    progress: list[Progress]
    choices: list[CardChoice]
    belongs: dict[int, str]
    """CRM's primary key to the card there, as `CardContext.belongs` names it."""

    @property
    def is_live(self) -> bool:
        return not self.interaction.is_finished

    @property
    def worst(self) -> Progress | None:
        return max(self.progress, key=lambda step: step.weight, default=None)

    @property
    def facts(self) -> tuple[object, ...]:
        chosen = [(choice.crm_id, choice.card_object, choice.card_id) for choice in self.choices]
        known = self.interaction.pk, self.interaction.version, self.interaction.status
        return *known, self.progress, chosen, self.belongs


@dataclass(frozen=True)
class Board:
    now: list[Line]
    recent: list[Line]
    opened: Line | None
    marker: str


def newest(agent: AgentContext) -> Interaction | None:
    return live.under_way(agent.user).first()


def board(agent: AgentContext, opened: Interaction | None = None) -> Board:
    """The agent's lists, newest first, in a fixed number of queries. `opened` must be one of theirs."""
    now = list(live.under_way(agent.user)[:SHOWN])
    recent = list(live.recent(agent.user)[:SHOWN])
    everything = {interaction.pk: interaction for interaction in [*now, *recent, *([opened] if opened else [])]}
    live.load_writing([*everything.values()], [access.crm_id for access in agent.accesses])
    lines = {pk: _line(found) for pk, found in everything.items()}
    granted = [(access.pk, access.may_create, access.may_edit, access.may_assign) for access in agent.accesses]
    # Of the states themselves: no clock can make it miss a change.
    marker = blake2b(repr((granted, [line.facts for line in lines.values()])).encode(), digest_size=12).hexdigest()
    return Board(
        now=[lines[interaction.pk] for interaction in now],
        recent=[lines[interaction.pk] for interaction in recent],
        opened=lines[opened.pk] if opened else None,
        marker=marker,
    )


def _line(interaction: Interaction) -> Line:
    deliveries: list[Delivery] = interaction.seen_deliveries  # type: ignore[attr-defined]
    choices: list[CardChoice] = interaction.seen_choices  # type: ignore[attr-defined]
    progress = [progress_of(delivery, delivery.assignment.target.crm) for delivery in deliveries if delivery.assignment]
    cards = assigned_cards(choices, deliveries)
    return Line(interaction, progress, choices, {crm: ":".join(card) for crm, card in cards.items()})
