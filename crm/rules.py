"""Which rules hold for an interaction."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Assignment, CRMObject


@dataclass(frozen=True)
class Facts:
    """What conditions ask of an interaction; `duration` in seconds, None when nobody measured it."""

    flow: str
    direction: str
    status: str
    queue: str = ""
    duration: int | None = None


def matching(facts: Facts) -> list[Assignment]:
    """The active rules of every CRM whose conditions hold, the one on the card's object aside: no card is known yet."""
    rules = Assignment.objects.filter(is_active=True).select_related("target__crm__method")
    return [rule for rule in rules if holds(rule, facts)]


def holds(assignment: Assignment, facts: Facts) -> bool:
    """Whether each condition holds; an empty one holds for all, and an unmeasured duration counts as 0."""
    return (
        _among(facts.flow, assignment.flows)
        and _among(facts.direction, assignment.directions)
        and _among(facts.status, assignment.statuses)
        and _among(facts.queue, assignment.queues)
        and _within(facts.duration or 0, assignment.min_duration, assignment.max_duration)
    )


def applies_to_card(assignment: Assignment, card_object: CRMObject) -> bool:
    """Whether the rule's condition on the object of the card holds."""
    wanted = {wanted.pk for wanted in assignment.card_objects.all()}
    return not wanted or card_object.pk in wanted


def _among(value: str, wanted: list[str]) -> bool:
    return not wanted or value.strip().casefold() in {item.strip().casefold() for item in wanted}


def _within(seconds: int, least: int | None, most: int | None) -> bool:
    return (least is None or seconds >= least) and (most is None or seconds <= most)
