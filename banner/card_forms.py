from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from banner import error_messages, meanwhile
from banner.card_creation import MayNotChange, NewCard, Unsure, make
from banner.context import CardContext
from banner.decorators import fields_of, named, part, show_card
from banner.entries import begun, changes, entered
from banner.sheet import Sheet, new_card, show, starting_values
from crm import form
from crm.models import CRMObject
from crm.stores.opening import open_store
from integrations.errors import IntegrationError, RecordGone, Refused
from integrations.types import Record
from interactions import open_forms
from outbound.deadline import Deadline, within


@dataclass(frozen=True)
class Saved:
    """The card as the CRM answered. `sent`: what its answer must confirm, None where nothing was to be changed."""

    record: Record
    sent: Mapping[str, object] | None


class Disputed(Exception):
    """Somebody else wrote into the same fields meanwhile; nothing was saved."""

    def __init__(self, record: Record, found: meanwhile.Comparison, why: str) -> None:
        super().__init__(why)
        self.record, self.found = record, found


Write = Callable[[Mapping[str, object]], Saved]


@require_http_methods(["GET", "POST"])
@part
def create(request: HttpRequest, context: CardContext, object_id: int) -> HttpResponse:
    target = context.object(object_id)
    if not context.access.may_create:
        raise PermissionDenied
    if request.method == "GET":
        return new_card(request, context, target, beside="beside" in request.GET)
    token, beside = named(request), bool(request.POST.get("beside"))
    if "anew" in request.POST:
        token = uuid4().hex

    def write(values: Mapping[str, object]) -> Saved:
        given = {name: value for name, value in values.items() if value != ""}
        made = make(context, NewCard(target, given, token, beside))
        open_forms.close(context.interaction, context.access.crm, context.agent.user)
        if made.is_new:
            return Saved(made.record, given)
        why = _("This customer's card was made meanwhile. What you typed is still here; Save adds it to that card.")
        # What Deskline itself writes on the card of an unknown customer, or the CRM in the place of a missing name.
        told = (context.interaction.customer_phone, context.interaction.customer_email)
        nobodys = [text for text in (*map(str, starting_values(context, target).values()), *told) if text]
        return _into(request, context, target, made.record, given, why, nobodys=nobodys)

    return _saved(request, context, Sheet(target, [], token=token, beside=beside), write)


@require_http_methods(["GET", "POST"])
@part
def edit(request: HttpRequest, context: CardContext, object_id: int, card_id: str) -> HttpResponse:
    target = context.object(object_id)
    if not context.access.may_edit:
        raise PermissionDenied
    if request.method == "GET":
        record = _current(context, target, card_id)
        sheet = Sheet(target, begun(fields_of(target), record.values), card_id, title=record.title)
        return show(request, context, sheet)

    def write(values: Mapping[str, object]) -> Saved:
        record = _current(context, target, card_id)
        if not values:
            return Saved(record, None)
        why = _("Somebody changed this card while you typed. Nothing is saved yet; look at the fields marked below.")
        return _into(request, context, target, record, values, why)

    return _saved(request, context, Sheet(target, [], card_id, title=request.POST.get("title", "")[:300]), write)


def _current(context: CardContext, target: CRMObject, card_id: str) -> Record:
    record = open_store(context.access.crm, foreground=True).read(target, card_id)
    if record.id != card_id:
        raise RecordGone(_("This card was merged into another one."))
    return record


def _into(
    request: HttpRequest,
    context: CardContext,
    target: CRMObject,
    record: Record,
    values: Mapping[str, object],
    why: str,
    *,
    nobodys: Collection[str] = (),
) -> Saved:
    """Write what the agent typed into a card that is there. Raises Disputed, MayNotChange, the errors of the store."""
    until = Deadline()  # what was read is true for a while only
    found = meanwhile.compare(fields_of(target), request.POST, values, record.values, nobodys=nobodys)
    if not found.news and not found.disputed:
        return Saved(record, {})
    if not context.access.may_edit:
        raise MayNotChange(_("The profile may not change cards."))
    if found.disputed:
        raise Disputed(record, found, why)
    store = open_store(context.access.crm, foreground=True)
    with within(until):
        return Saved(store.update(target, record.id, found.news), found.news)


def _saved(request: HttpRequest, context: CardContext, sheet: Sheet, write: Write) -> HttpResponse:
    fields = fields_of(sheet.target)
    validation_errors: Mapping[str, str] = {}
    problem = None
    try:
        texts = changes(fields, request.POST, all_of_them=not sheet.card_id)
        saved = write(form.clean(sheet.target, texts, partial=bool(sheet.card_id)))
    except Disputed as dispute:
        return _ask(request, context, sheet, dispute)
    except form.FormError as error:
        validation_errors = error.fields
    except Refused as error:
        validation_errors, problem = error.fields, None if error.fields else error_messages.of_writing(error)
    except IntegrationError as error:
        problem = error_messages.of_writing(error)
        sheet = replace(sheet, may_insist=isinstance(error, Unsure))
    else:
        return _card(request, context, sheet, saved)
    known = {field.api_name for field in fields}
    foreign = tuple(f"{name}: {why}" for name, why in validation_errors.items() if name not in known)
    entries = entered(fields, request.POST, validation_errors)
    return show(
        request, context, replace(sheet, entries=entries, trouble=problem, validation_errors=foreign, is_typed=True)
    )


def _ask(request: HttpRequest, context: CardContext, sheet: Sheet, dispute: Disputed) -> HttpResponse:
    record = dispute.record
    entries = meanwhile.questions(fields_of(sheet.target), request.POST, record.values, dispute.found)
    asked = Sheet(sheet.target, entries, record.id, record.title, validation_errors=(str(dispute),), is_typed=True)
    return show(request, context, asked)


def _card(request: HttpRequest, context: CardContext, sheet: Sheet, saved: Saved) -> HttpResponse:
    otherwise = meanwhile.kept_otherwise(fields_of(sheet.target), saved.sent or {}, saved.record.values)
    outcome = "unchanged" if saved.sent is None else "otherwise" if otherwise else "saved"
    return show_card(
        request, context, sheet.target, saved.record, outcome=outcome, otherwise=otherwise, alone=not sheet.beside
    )
