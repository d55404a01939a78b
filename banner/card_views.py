from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from banner.context import Place
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
def find(request: HttpRequest, place: Place) -> HttpResponse:
    """The screen-pop: the card that was chosen already, else the one that matches, else the choice or a new one."""
    chosen = None if "all" in request.GET else _chosen(place)
    if chosen is not None:
        return show_card(request, place, chosen.object, chosen.record, alone=False)
    found = candidates(place.access.crm, search_for(place.interaction), foreground=True)
    if len(found) == 1:
        return show_card(request, place, found[0].object, found[0].record)
    if found:
        rows = []
        for card in found[:MOST_SHOWN]:
            listed = shown([field for field in fields_of(card.object) if field.in_list], card.record.values)
            texts = [value.text for value in listed if value.text and value.text not in card.record.title]
            rows.append((card, [text[:LONGEST_TOLD] for text in texts]))
        return render(request, "banner/_several.html", {"place": place, "rows": rows, "found": len(found)})
    if place.access.may_create and place.objects:
        return new_card(request, place, place.objects[0], nobody_found=True)
    return render(request, "banner/_none.html", {"place": place, "search": search_for(place.interaction)})


@require_safe
@part
def read(request: HttpRequest, place: Place, object_id: int, card_id: str) -> HttpResponse:
    target = place.object(object_id)
    record = open_store(place.access.crm, foreground=True).read(target, card_id)
    return show_card(request, place, target, record, alone=False)


@require_POST
@part
def assign(request: HttpRequest, place: Place, object_id: int, card_id: str) -> HttpResponse:
    """The record is read first, so that it surely exists."""
    if not place.access.may_assign:
        raise PermissionDenied
    target = place.object(object_id)
    record = open_store(place.access.crm, foreground=True).read(target, card_id)
    try:
        choose.assign(place.interaction, place.access.crm, target, record.id, place.seat.user)
    except choose.NothingToWrite as reason:
        return show_card(request, place, target, record, alone=False, error_message=str(reason))
    return show_card(request, place, target, record, alone=False)


def _chosen(place: Place) -> Card | None:
    for target in place.objects:
        if place.assigned and place.assigned[0] == target.api_name:
            try:
                record = open_store(place.access.crm, foreground=True).read(target, place.assigned[1])
            except RecordGone:
                return None
            return Card(place.access.crm, target, record)
    return None
