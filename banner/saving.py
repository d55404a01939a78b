"""Cards made and changed by agents. When something is refused, what was typed comes back with the reason beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from banner import trouble
from banner.access import Place
from banner.entries import Entry, begun, changes, entered
from banner.making import NewCard, make
from banner.part import fields_of, part, show_card
from crm import form
from crm.models import CRMObject
from crm.store import open_store
from integrations.errors import IntegrationError, Refused
from integrations.types import Record
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
    trouble: trouble.Trouble | None = None
    complaints: tuple[str, ...] = ()
    """What was refused of fields that the form does not have."""

    @property
    def has_complaints(self) -> bool:
        return bool(self.complaints) or any(entry.complaint for entry in self.entries)


@require_http_methods(["GET", "POST"])
@part
def create(request: HttpRequest, place: Place, object_id: int) -> HttpResponse:
    target = place.object(object_id)
    if not place.access.may_create:
        raise PermissionDenied
    if request.method == "GET":
        return new_card(request, place, target, beside="beside" in request.GET)
    token, beside = request.POST.get("token", "")[:40], bool(request.POST.get("beside"))

    def write(values: Mapping[str, object]) -> Record:
        return make(place, NewCard(target, {k: v for k, v in values.items() if v != ""}, token, beside))

    return _saved(request, place, Sheet(target, [], token=token, beside=beside), write)


@require_http_methods(["GET", "POST"])
@part
def edit(request: HttpRequest, place: Place, object_id: int, card_id: str) -> HttpResponse:
    target = place.object(object_id)
    if not place.access.may_edit:
        raise PermissionDenied
    if request.method == "GET":
        record = open_store(place.access.crm, foreground=True).read(target, card_id)
        sheet = Sheet(target, begun(fields_of(target), record.values), card_id, title=record.title)
        return _show(request, place, sheet)

    def write(values: Mapping[str, object]) -> Record:
        store = open_store(place.access.crm, foreground=True)
        return store.update(target, card_id, values) if values else store.read(target, card_id)

    return _saved(request, place, Sheet(target, [], card_id, title=request.POST.get("title", "")[:300]), write)


def new_card(
    request: HttpRequest, place: Place, target: CRMObject, *, beside: bool = False, nobody_found: bool = False
) -> HttpResponse:
    """The form of a new card, filled with what the interaction tells of the customer."""
    fields = fields_of(target)
    values = {} if beside else _known(place, target)
    sheet = Sheet(target, begun(fields, values), token=uuid4().hex, beside=beside, nobody_found=nobody_found)
    return _show(request, place, sheet)


def _known(place: Place, target: CRMObject) -> Mapping[str, object]:
    """A field whose starting value cannot be made stays empty: the agent sees it and types."""
    context = build(place.interaction, place.access.crm)
    try:
        return form.new_card(target, context)
    except form.FormError:
        return {field.api_name: field.default for field in target.fields.all()}


def _saved(
    request: HttpRequest, place: Place, sheet: Sheet, write: Callable[[Mapping[str, object]], Record]
) -> HttpResponse:
    fields = fields_of(sheet.target)
    try:
        texts = changes(fields, request.POST, all_of_them=not sheet.card_id)
        record = write(form.clean(sheet.target, texts, partial=bool(sheet.card_id)))
    except form.FormError as error:
        complaints, problem = error.fields, None
    except Refused as error:
        complaints, problem = error.fields, None if error.fields else trouble.of_writing(error)
    except IntegrationError as error:
        complaints, problem = {}, trouble.of_writing(error)
    else:
        return show_card(request, place, sheet.target, record, saved=True, alone=not sheet.beside)
    known = {field.api_name for field in fields}
    foreign = tuple(f"{name}: {why}" for name, why in complaints.items() if name not in known)
    entries = entered(fields, request.POST, complaints)
    return _show(request, place, replace(sheet, entries=entries, trouble=problem, complaints=foreign))


def _show(request: HttpRequest, place: Place, sheet: Sheet) -> HttpResponse:
    return render(request, "banner/_sheet.html", {"place": place, "sheet": sheet})
