"""Takes interactions in. What these functions return is committed: from then on the promise of delivery holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, Subquery

from core import clock
from core.bulk import insert_each
from crm import rules
from interactions.actions import agents, changes
from interactions.actions.changes import ChangeRefused
from interactions.actions.deletion import WasDeleted
from interactions.api.schemas import InteractionIn
from interactions.models import DeletedInteraction, Installation, Interaction
from interactions.queue import outbox

BATCH = 1_000
"""Rows of one insert: PostgreSQL and SQLite take over 32,000 values."""

OF_THE_INSTALLATION = ("marker_key", "written_since", "look_first_until")

P = ParamSpec("P")
Result = TypeVar("Result")
Values = dict[str, Any]
Deleted = Mapping[str, DeletedInteraction]


class ItemRefused(ChangeRefused):
    def __init__(self, index: int, refusal: ChangeRefused) -> None:
        Exception.__init__(self, str(refusal))
        self.index, self.field = index, refusal.field
        self.place = f"{index}.{refusal.field}"


class Accepted(NamedTuple):
    interaction: Interaction
    created: bool


class _WereDeleted(Exception):
    """What was stored meanwhile is taken back."""


def accept(source: str, data: InteractionIn) -> Accepted:
    """In one transaction. The same source and reference again is the same interaction (`changes.repeat`). Raises
    ChangeRefused, WasDeleted.
    """
    (one,) = accept_each(source, [data])
    if isinstance(one, ChangeRefused):
        raise one
    if isinstance(one, DeletedInteraction):
        raise WasDeleted(one)
    return one


def _again_when_an_agent_is_gone(step: Callable[P, Result]) -> Callable[P, Result]:
    @wraps(step)
    def stepped(*args: P.args, **named: P.kwargs) -> Result:
        if connection.in_atomic_block:
            return step(*args, **named)
        try:
            return step(*args, **named)
        except IntegrityError:
            agents.forget()
            return step(*args, **named)

    return stepped


@_again_when_an_agent_is_gone
def accept_all(source: str, items: Sequence[InteractionIn]) -> list[Accepted | DeletedInteraction]:
    """All of them in their order, or none: raises ItemRefused. One that somebody deleted is no failure."""
    kept: list[Accepted | DeletedInteraction] = []
    with transaction.atomic():
        for index, one in enumerate(accept_each(source, items)):
            if isinstance(one, ChangeRefused):
                raise ItemRefused(index, one)
            kept.append(one)
    return kept


@_again_when_an_agent_is_gone
def accept_each(source: str, items: Sequence[InteractionIn]) -> list[Accepted | DeletedInteraction | ChangeRefused]:
    """In their order. The number of statements grows neither with new ones nor with repeats that tell nothing new."""
    told = [item.model_dump(exclude={"reference"}) for item in items]
    known_agents = agents.of(told)
    wanted = [(item.reference, changes.columns(one, known_agents)) for item, one in zip(items, told, strict=True)]
    deleted: Deleted = {}
    while True:
        try:
            with transaction.atomic():
                return _kept(source, wanted, deleted)
        except _WereDeleted:
            deleted = _deleted(source, {reference for reference, _ in wanted})


def _kept(
    source: str, wanted: Sequence[tuple[str, Values]], deleted: Deleted
) -> list[Accepted | DeletedInteraction | ChangeRefused]:
    first: dict[str, Values] = {}
    for reference, values in wanted:
        if reference not in deleted:
            first.setdefault(reference, values)
    # Sorted, so that two requests with the same references never wait for each other.
    new = _inserted(Interaction(source=source, reference=reference, **first[reference]) for reference in sorted(first))
    _promise(source, new, deleted)
    known = {one.reference: one for one in _locked(source, first.keys() - new.keys())}
    if missing := first.keys() - new.keys() - known.keys():  # deleted since the insert met it
        raise _WereDeleted(missing)
    results: list[Accepted | DeletedInteraction | ChangeRefused] = []
    for reference, values in wanted:
        if reference in deleted:
            results.append(deleted[reference])
        elif reference in new and values is first[reference]:
            results.append(Accepted(new[reference], created=True))
        else:
            results.append(_repeated(new.get(reference) or known[reference], values))
    return results


def _promise(source: str, new: Mapping[str, Interaction], deleted: Deleted) -> None:
    """Raises _WereDeleted: asked after the insert, which waits for a deletion that is not committed yet."""
    if not new:
        return
    gone = DeletedInteraction.objects.filter(source=source, reference__in=new.keys())
    ours = {name: Subquery(Installation.objects.values(name)[:1]) for name in OF_THE_INSTALLATION}
    rules_now = rules.active(gone=Exists(gone), now=clock.expression(), **ours)
    told: Any = rules_now[0] if rules_now else None
    if told.gone if told else gone.exists():
        raise _WereDeleted
    if told:
        kept = Installation(**{name: getattr(told, name) for name in OF_THE_INSTALLATION})
        installation = kept if kept.marker_key else Installation.load()
        outbox.enqueue_all(new.values(), rules_now, now=told.now, installation=installation)


def _inserted(interactions: Iterable[Interaction]) -> dict[str, Interaction]:
    by_reference = {one.reference: one for one in interactions}
    rows, new = list(by_reference.values()), {}
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        for reference, pk in insert_each(some, returning=("reference", "id"), ignore_conflicts=True):
            new[reference] = by_reference[reference]
            new[reference].pk = pk
            new[reference]._state.adding, new[reference]._state.db = False, Interaction.objects.db
    return new


def _locked(source: str, references: Iterable[str]) -> Iterable[Interaction]:
    wanted = list(references)
    rows = Interaction.objects.select_for_update(of=("self",)).select_related("agent")
    return rows.filter(source=source, reference__in=wanted).order_by("reference") if wanted else ()


def _repeated(interaction: Interaction, values: Values) -> Accepted | ChangeRefused:
    try:
        changes.repeat(interaction, values)
    except ChangeRefused as refusal:
        return refusal
    return Accepted(interaction, created=False)


def _deleted(source: str, references: Iterable[str]) -> Deleted:
    rows = DeletedInteraction.objects.filter(source=source, reference__in=list(references))
    return {one.reference: one for one in rows}
