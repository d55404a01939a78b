from __future__ import annotations

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from banner.board import board, newest
from banner.context import Seat, for_agents


@require_safe
@for_agents
def workspace(request: HttpRequest, seat: Seat, interaction_id: int | None = None) -> HttpResponse:
    opened = seat.interaction(interaction_id) if interaction_id else newest(seat)
    shown = board(seat, opened)
    template = "banner/_interaction.html" if request.headers.get("HX-Request") else "banner/workspace.html"
    return render(request, template, {"seat": seat, "board": shown})


@require_safe
@for_agents
def live(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The lists and the opened interaction's state, or 204 when nothing changed since the page's marker."""
    wanted = request.GET.get("open", "")
    opened = None
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= 18:
        with suppress(Http404):  # taken over by a colleague since the page was opened: only the lists are shown
            opened = seat.interaction(int(wanted))
    shown = board(seat, opened)
    if request.GET.get("since") == shown.marker:
        return HttpResponse(status=204)
    return render(
        request,
        "banner/_live.html",
        {"seat": seat, "board": shown, "is_gone": bool(wanted) and opened is None},
    )


@require_POST
@for_agents
def choose_profile(request: HttpRequest, seat: Seat) -> HttpResponse:
    wanted = request.POST.get("profile", "")
    for profile in seat.profiles:
        if str(profile.pk) == wanted:
            seat.user.active_profile = profile
            seat.user.save(update_fields=["active_profile"])
            return redirect("banner")
    raise Http404
