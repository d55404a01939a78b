from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from banner.context import CardContext
from banner.decorators import fields_of, part, show_card
from banner.entries import shown
from banner.sheet import new_card
from crm.customers.cards import Card, candidates
from crm.stores.opening import open_store
from integrations.errors import RecordGone
from interactions.actions import assign as choose
from interactions.customer import search_for

MOST_SHOWN, LONGEST_TOLD = 20, 200
"""Cards of a list, and characters of each value in it."""


@require_safe
@part
def find(request: HttpRequest, context: CardContext) -> HttpResponse:
    """The screen-pop: the card that was chosen already, else the one that matches, else the choice or a new one."""
    chosen = None if "all" in request.GET else _chosen(context)
    if chosen is not None:
        return show_card(request, context, chosen.object, chosen.record, alone=False)
    found = candidates(context.access.crm, search_for(context.interaction), foreground=True)
    if len(found) == 1:
        return show_card(request, context, found[0].object, found[0].record)
    if found:
        rows = []
        for card in found[:MOST_SHOWN]:
            listed = shown([field for field in fields_of(card.object) if field.in_list], card.record.values)
            texts = [value.text for value in listed if value.text and value.text not in card.record.title]
            rows.append((card, [text[:LONGEST_TOLD] for text in texts]))
        return render(request, "banner/_several.html", {"context": context, "rows": rows, "found": len(found)})
    if context.access.may_create and context.objects:
        return new_card(request, context, context.objects[0], nobody_found=True)
    return render(request, "banner/_none.html", {"context": context, "search": search_for(context.interaction)})


@require_safe
@part
def read(request: HttpRequest, context: CardContext, object_id: int, card_id: str) -> HttpResponse:
    target = context.object(object_id)
    record = open_store(context.access.crm, foreground=True).read(target, card_id)
    return show_card(request, context, target, record, alone=False)


@require_POST
@part
def assign(request: HttpRequest, context: CardContext, object_id: int, card_id: str) -> HttpResponse:
    """The record is read first, so that it surely exists."""
    if not context.access.may_assign:
        raise PermissionDenied
    target = context.object(object_id)
    record = open_store(context.access.crm, foreground=True).read(target, card_id)
    try:
        choose.assign(context.interaction, context.access.crm, target, record.id, context.agent.user)
    except choose.NothingToWrite as reason:
        return show_card(request, context, target, record, alone=False, error_message=str(reason))
    return show_card(request, context, target, record, alone=False)


def _chosen(context: CardContext) -> Card | None:
    for target in context.objects:
        if context.assigned and context.assigned[0] == target.api_name:
            try:
                record = open_store(context.access.crm, foreground=True).read(target, context.assigned[1])
            except RecordGone:
                return None
            return Card(context.access.crm, target, record)
    return None
