"""The first page. Imports run down the floors only, so the rooms above register their cards from AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest


@dataclass(frozen=True)
class Card:
    """One box of the page; `template` renders `context`. Lower `order` comes first."""

    title: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    order: int = 100
    wide: bool = False


@dataclass(frozen=True)
class Step:
    label: str
    help: str
    url: str
    done: bool
    order: int = 100


CardBuilder = Callable[[HttpRequest], Card | None]
StepBuilder = Callable[[HttpRequest], Step | None]

_cards: list[CardBuilder] = []
_steps: list[StepBuilder] = []


def register(builder: CardBuilder) -> CardBuilder:
    """Add a card. The builder gives None to those who lack the right to see it."""
    _cards.append(builder)
    return builder


def register_step(builder: StepBuilder) -> StepBuilder:
    _steps.append(builder)
    return builder


def cards(request: HttpRequest) -> list[Card]:
    built = [card for builder in _cards if (card := builder(request))]
    return sorted(built, key=lambda card: card.order)


def steps(request: HttpRequest) -> list[Step]:
    """The first steps while one of them is still to do, nothing afterwards."""
    built = [step for builder in _steps if (step := builder(request))]
    if all(step.done for step in built):
        return []
    return sorted(built, key=lambda step: step.order)
