"""Fields with a pattern of an earlier version that cannot be used any more: values are written as if it had none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet

from crm import patterns
from crm.models import CRMField

MOST_READ, MOST_NAMED = 200, 20
"""Patterns that are looked at for one page, and fields that it names."""


@dataclass(frozen=True)
class Unapplied:
    field: CRMField
    problem: str


def among(fields: QuerySet[CRMField]) -> list[Unapplied]:
    rows = fields.exclude(pattern="").select_related("object__crm").order_by("object__crm__name", "object", "position")
    told = (Unapplied(field, patterns.problem_of(field.pattern)) for field in rows[:MOST_READ])
    return list(islice((one for one in told if one.problem), MOST_NAMED))
