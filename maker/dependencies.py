from __future__ import annotations

from dataclasses import dataclass

from django.db.models import PROTECT, RESTRICT, ForeignObjectRel, Model
from django.utils.text import capfirst

EXAMPLES = 10


@dataclass(frozen=True)
class Dependents:
    """Rows of one kind that depend on another; `examples` are the first few of them by name."""

    label: str
    count: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        more = ", …" if self.count > len(self.examples) else ""
        return f"{self.label} ({self.count}): {', '.join(self.examples)}{more}"


def dependents(obj: Model) -> list[Dependents]:
    """What keeps `obj` from being deleted. A model whose text says little names itself by `as_dependent() -> str`."""
    found = []
    for relation in obj._meta.related_objects:
        if relation.on_delete in (PROTECT, RESTRICT):
            found.append(_through(relation, obj))
    return [dependent for dependent in found if dependent.count]


def _through(relation: ForeignObjectRel, obj: Model) -> Dependents:
    model = relation.related_model
    rows = model._base_manager.filter(**{f"{relation.field.name}": obj.pk})
    names = tuple(name_of(row) for row in rows.order_by("pk")[:EXAMPLES])
    return Dependents(capfirst(str(model._meta.verbose_name_plural)), rows.count(), names)


def name_of(row: Model) -> str:
    named = getattr(row, "as_dependent", None)
    return str(named() if named else row)
