"""What the history notes of this room that auditlog would not, or would note too much of."""

from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from crm.models import FormValue, LocalCard
from maker import history

EMPTY = ("None", "{}", "")


def hidden(value: str) -> str:
    return "" if value in EMPTY else "••••"


@receiver(pre_save, sender=LogEntry)
def _without_names(instance: LogEntry, **_event: Any) -> None:
    """A local card is named after its customer, who may have asked to be forgotten: in the history it has its id."""
    if instance.content_type == ContentType.objects.get_for_model(LocalCard):
        instance.object_repr = f"{LocalCard._meta.verbose_name} {instance.object_pk}"


# A line of a rule's form is a row that no page shows by itself. What becomes of it is noted on its rule.
@receiver(pre_save, sender=FormValue)
def _before(instance: FormValue, **_event: Any) -> None:
    known = FormValue.objects.filter(pk=instance.pk).values_list("template", flat=True).first()
    instance._before = known or ""  # type: ignore[attr-defined]


@receiver(post_save, sender=FormValue)
def _saved(instance: FormValue, **_event: Any) -> None:
    _note(instance, instance._before, instance.template)  # type: ignore[attr-defined]


@receiver(post_delete, sender=FormValue)
def _deleted(instance: FormValue, **_event: Any) -> None:
    _note(instance, instance.template, "")


def _note(line: FormValue, before: str, after: str) -> None:
    if before != after:
        history.note(line.assignment, line.field.name, before, after)
