from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from banner.context import CardContext
from banner.decorators import fields_of
from banner.entries import Entry, begun
from banner.error_messages import Trouble
from crm import form
from crm.models import CRMObject
from interactions.context import build


@dataclass(frozen=True)
class Sheet:
    """The form of a card as it is shown. `card_id` is empty for a new one."""

    target: CRMObject
    entries: list[Entry]
    card_id: str = ""
    title: str = ""
    token: str = ""
    beside: bool = False
    nobody_found: bool = False
    trouble: Trouble | None = None
    validation_errors: tuple[str, ...] = ()
    """What is said above the form: what was refused of fields that it does not have, or what happened meanwhile."""
    may_insist: bool = False
    """Whether the agent may have it made although an earlier try may have made it."""
    is_typed: bool = False
    """Whether it holds what the agent typed and nobody has saved."""

    @property
    def has_validation_errors(self) -> bool:
        return bool(self.validation_errors) or any(entry.validation_error for entry in self.entries)


def new_card(
    request: HttpRequest, context: CardContext, target: CRMObject, *, beside: bool = False, nobody_found: bool = False
) -> HttpResponse:
    fields = fields_of(target)
    values = {} if beside else starting_values(context, target)
    sheet = Sheet(target, begun(fields, values), token=uuid4().hex, beside=beside, nobody_found=nobody_found)
    return show(request, context, sheet)


def starting_values(context: CardContext, target: CRMObject) -> Mapping[str, object]:
    """A field whose starting value cannot be made stays empty: the agent sees it and types."""
    known = build(context.interaction, context.access.crm)
    try:
        return form.new_card(target, known)
    except form.FormError:
        return {field.api_name: field.default for field in target.fields.all()}


def show(request: HttpRequest, context: CardContext, sheet: Sheet) -> HttpResponse:
    return render(request, "banner/_sheet.html", {"context": context, "sheet": sheet})
