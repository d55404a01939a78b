from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.db.models import Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

MOST = 200

VERBS = {
    LogEntry.Action.CREATE: _("Created"),
    LogEntry.Action.UPDATE: _("Changed"),
    LogEntry.Action.DELETE: _("Deleted"),
    LogEntry.Action.ACCESS: _("Viewed"),
}


@dataclass(frozen=True)
class Change:
    """One entry: `details` are (what, before, after); `part` is of which part of the row, "" for the row itself."""

    at: datetime
    by: str
    verb: str
    details: list[tuple[str, str, str]]
    part: str = ""


def of(obj: Model, parts: Iterable[tuple[type[Model], str]] = ()) -> list[Change]:
    """The latest about a row and its parts, newest first. A part is a model and the name of its relation to the row."""
    entries = LogEntry.objects.get_for_object(obj)
    for model, relation in parts:
        of_model = LogEntry.objects.get_for_model(model)
        present = model._base_manager.filter(**{relation: obj.pk}).values_list("pk", flat=True)
        gone = of_model.filter(action=LogEntry.Action.DELETE, **{f"changes__{relation}__0": str(obj.pk)})
        known = [str(key) for key in present]
        entries |= of_model.filter(Q(object_pk__in=known) | Q(object_pk__in=gone.values("object_pk")))
    return _changes(entries, obj)


def of_the_row_of(entry: LogEntry) -> list[Change]:
    return _changes(LogEntry.objects.filter(content_type=entry.content_type, object_pk=entry.object_pk))


def note(obj: Model, what: str, before: str, after: str, by: Model | None = None) -> LogEntry:
    """For changes that auditlog cannot see (conditional updates, secrets). Both texts end up on pages and in exports:
    never a secret. Without `by`, whoever is signed in did it.
    """
    entry: LogEntry = LogEntry.objects.log_create(
        obj, action=LogEntry.Action.UPDATE, changes={what: [before, after]}, **_actor(by)
    )
    return entry


def note_each(rows: Iterable[tuple[Model, str]], what: str, after: str, by: Model | None = None) -> None:
    """The same of many rows, each with what it was before, by one insert: auditlog does not see updates of a set."""
    first: LogEntry | None = None
    more = []
    for row, before in rows:
        if first is None:
            first = note(row, what, before, after, by)
            continue
        entry = LogEntry.objects.model(
            content_type=first.content_type, object_pk=str(row.pk), object_id=row.pk, object_repr=str(row),
            action=first.action, changes={what: [before, after]},
            actor=first.actor, actor_email=first.actor_email, remote_addr=first.remote_addr,
        )  # fmt: skip
        more.append(entry)
    LogEntry.objects.bulk_create(more, batch_size=500)


def note_deletion(obj: Model, held: Mapping[str, object]) -> LogEntry:
    """For rows of which auditlog would note every change that a machine makes. `held` stays known: nothing secret,
    and nothing of a customer.
    """
    changes = {name: [str(value), "None"] for name, value in held.items()}
    entry: LogEntry = LogEntry.objects.log_create(obj, action=LogEntry.Action.DELETE, changes=changes)
    return entry


def _actor(by: Model | None) -> dict[str, object]:
    return {"actor": by, "actor_email": getattr(by, "email", "")} if by else {}


def _changes(entries: QuerySet[LogEntry], row: Model | None = None) -> list[Change]:
    entries = entries.select_related("actor", "content_type").order_by("-timestamp", "-id")
    return [_change(entry, row) for entry in entries[:MOST]]


def _change(entry: LogEntry, row: Model | None) -> Change:
    actor = str(entry.actor) if entry.actor else entry.actor_email or str(_("Deskline"))
    return Change(entry.timestamp, actor, str(VERBS[entry.action]), _details(entry), _part(entry, row))


def _part(entry: LogEntry, row: Model | None) -> str:
    model = entry.content_type.model_class()
    if row is None or model is None or isinstance(row, model):
        return ""
    return f"{capfirst(model._meta.verbose_name)}: {entry.object_repr}"


def _details(entry: LogEntry) -> list[tuple[str, str, str]]:
    changes = {name: value for name, value in (entry.changes or {}).items() if _is_own(entry, name)}
    sets = {name: value for name, value in changes.items() if isinstance(value, Mapping)}
    entry.changes = {name: value for name, value in changes.items() if name not in sets}
    rows = [(capfirst(str(name)), *_pair(pair)) for name, pair in entry.changes_display_dict.items()]
    rows += [_set_row(entry, name, value) for name, value in sets.items()]
    return [row for row in rows if row[1] or row[2]]


def _is_own(entry: LogEntry, name: str) -> bool:
    """Whether a change is about the row itself: on creation auditlog also notes the rows that point to it."""
    model = entry.content_type.model_class()
    fields = {field.name: field for field in model._meta.get_fields()} if model else {}
    return name != "id" and (name not in fields or fields[name].concrete or fields[name].many_to_many)


def _pair(values: Any) -> tuple[str, str]:
    before, after = (("" if value in (None, "None", "[]", "{}") else str(value)) for value in values)
    return before, after


def _set_row(entry: LogEntry, name: str, value: Mapping[str, Any]) -> tuple[str, str, str]:
    """A many-to-many change, which auditlog notes as an operation on objects."""
    model = entry.content_type.model_class()
    label = model._meta.get_field(name).verbose_name if model else name
    objects = ", ".join(map(str, value.get("objects", [])))
    before, after = ("", objects) if value.get("operation") == "add" else (objects, "")
    return capfirst(str(label)), before, after
