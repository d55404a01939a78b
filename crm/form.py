from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from crm.models import Assignment, CRMField, CRMObject
from crm.templates import engine
from crm.values import ValueProblem, convert


class FormError(Exception):
    """Fields that cannot be filled as they are configured: API name to what is wrong and what to do."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = dict(fields)


def fill(assignment: Assignment, context: Mapping[str, object], *, without: Collection[str] = ()) -> dict[str, object]:
    """What the rule writes for this interaction, except in the fields `without` (API names). Raises FormError."""
    given = {value.field_id: value.template for value in assignment.values.all()}
    values, wrong = evaluate(assignment.target, given, context)
    for name in without:
        values.pop(name, None)
        wrong.pop(name, None)
    return _sound(values, wrong)


def new_card(target: CRMObject, context: Mapping[str, object]) -> dict[str, object]:
    """Raises FormError. A value that this customer lacks is left out even where it is required: the store, or the
    vendor, knows what stands in for it.
    """
    given = {field.pk: field.template for field in target.fields.all()}
    return _sound(*evaluate(target, given, context, demand=False))


def evaluate(
    target: CRMObject, templates: Mapping[int, str], context: Mapping[str, object], *, demand: bool = True
) -> tuple[dict[str, object], dict[str, str]]:
    """The values of the target's fields, and what is wrong with the others; `templates` by the field's primary key."""
    values: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for field in target.fields.all():
        try:
            text = engine.render(templates.get(field.pk, ""), context).strip()
            value = _value(field, text, demand=demand)
        except (ValueProblem, engine.MagicError) as problem:
            wrong[field.api_name] = str(problem)
            continue
        if value is not None:
            values[field.api_name] = value
    return values, wrong


def clean(target: CRMObject, entries: Mapping[str, str], *, partial: bool = False) -> dict[str, object]:
    """By API name; `partial` when only some fields are changed. Raises FormError. An emptied field is an empty text."""
    values: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for field in target.fields.all():
        if partial and field.api_name not in entries:
            continue
        text = entries.get(field.api_name, "").strip()
        try:
            values[field.api_name] = _value(field, text, demand=True) if text or field.required else ""
        except ValueProblem as problem:
            wrong[field.api_name] = str(problem)
    return _sound(values, wrong)


def _sound(values: dict[str, object], wrong: dict[str, str]) -> dict[str, object]:
    if wrong:
        raise FormError(wrong)
    return values


def _value(field: CRMField, text: str, *, demand: bool) -> object:
    text = text or field.default
    if text:
        return convert(field, text)
    if field.required and demand:
        raise ValueProblem(_("This field is required, and its value came out empty."))
    return None
