from __future__ import annotations

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from banner.board import board, newest
from banner.context import AgentContext, for_agents


@require_safe
@for_agents
def workspace(request: HttpRequest, agent: AgentContext, interaction_id: int | None = None) -> HttpResponse:
    opened = agent.interaction(interaction_id) if interaction_id else newest(agent)
    shown = board(agent, opened)
    template = "banner/_interaction.html" if request.headers.get("HX-Request") else "banner/workspace.html"
    return render(request, template, {"agent": agent, "board": shown})


@require_safe
@for_agents
def live(request: HttpRequest, agent: AgentContext) -> HttpResponse:
    """The lists and the opened interaction's state, or 204 when nothing changed since the page's marker."""
    wanted = request.GET.get("open", "")
    opened = None
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= 18:
        with suppress(Http404):  # taken over by a colleague since the page was opened: only the lists are shown
            opened = agent.interaction(int(wanted))
    shown = board(agent, opened)
    if request.GET.get("since") == shown.marker:
        return HttpResponse(status=204)
    return render(
        request,
        "banner/_live.html",
        {"agent": agent, "board": shown, "is_gone": bool(wanted) and opened is None},
    )


@require_POST
@for_agents
def choose_profile(request: HttpRequest, agent: AgentContext) -> HttpResponse:
    wanted = request.POST.get("profile", "")
    for profile in agent.profiles:
        if str(profile.pk) == wanted:
            agent.user.active_profile = profile
            agent.user.save(update_fields=["active_profile"])
            return redirect("banner")
    raise Http404
