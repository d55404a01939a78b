from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models.expressions import Combinable

from crm.models import Assignment, CRMObject
from crm.templates import engine

ENOUGH = {"card.id", "card.object"}
"""What is known of a card without reading it."""
WITH_IT = ("values", "card_objects", "target__fields", "target__crm__crm_objects")


@dataclass(frozen=True)
class Facts:
    """What conditions ask of an interaction; `duration` in seconds, None when nobody measured it."""

    flow: str
    direction: str
    status: str
    kind: str = ""
    queue: str = ""
    duration: int | None = None


def active(**also: Combinable) -> list[Assignment]:
    """The rules in force of every CRM; `also`: what else the same query tells, by name."""
    return list(Assignment.objects.filter(is_active=True).select_related("target__crm__method").annotate(**also))


def matching(rules: Iterable[Assignment], facts: Facts) -> list[Assignment]:
    return [rule for rule in rules if holds(rule, facts)]


def holds(assignment: Assignment, facts: Facts) -> bool:
    """An empty condition holds for all, and an unmeasured duration counts as 0. The card's object is left aside."""
    return (
        _among(facts.flow, assignment.flows)
        and _among(facts.direction, assignment.directions)
        and _among(facts.status, assignment.statuses)
        and _among(facts.kind, assignment.kinds)
        and _among(facts.queue, assignment.queues)
        and _within(facts.duration or 0, assignment.min_duration, assignment.max_duration)
    )


def load(pk: int) -> Assignment | None:
    """The rule with all that writing by it needs: its form, its CRM with the objects, and the way there."""
    rules = Assignment.objects.select_related("target__crm__method").prefetch_related(*WITH_IT)
    return rules.filter(pk=pk).first()


def reads_the_card(assignment: Assignment) -> bool:
    """Whether the form uses more of the card than its id: then the card must be read before anything is written."""
    return any(_of_card(value.template) - ENOUGH for value in assignment.values.all())


def fields_of_the_card(assignment: Assignment) -> set[str]:
    """The API names of the fields whose value comes from the card, be it its id alone."""
    return _fields(assignment, lambda template: bool(_of_card(template)))


def fields_of_the_id(assignment: Assignment) -> set[str]:
    """The API names of the fields whose value is the card's id and nothing else."""
    return _fields(assignment, lambda template: "".join(template.split()) == "{{card.id}}")


def applies_to_card(assignment: Assignment, card_object: CRMObject) -> bool:
    wanted = {wanted.pk for wanted in assignment.card_objects.all()}
    return not wanted or card_object.pk in wanted


def _fields(assignment: Assignment, of_kind: Callable[[str], bool]) -> set[str]:
    names = {field.pk: field.api_name for field in assignment.target.fields.all()}
    return {names[value.field_id] for value in assignment.values.all() if of_kind(value.template)}


def _of_card(template: str) -> set[str]:
    try:
        read = engine.paths(template)
    except engine.MagicError:
        return set()  # whoever fills the form says so
    return {path for path in read if path.partition(".")[0] == "card"}


def _among(value: str, wanted: list[str]) -> bool:
    return not wanted or value.strip().casefold() in {item.strip().casefold() for item in wanted}


def _within(seconds: int, least: int | None, most: int | None) -> bool:
    return (least is None or seconds >= least) and (most is None or seconds <= most)
