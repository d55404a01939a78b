from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from banner import error_messages
from banner.context import AgentContext, CardContext, for_agents
from banner.entries import shown
from crm.models import CRMField, CRMObject
from integrations.errors import IntegrationError
from integrations.types import Record


def part(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the agent's interaction and granted CRM, or answer 404. As a page of its own, lead to the whole page."""

    @for_agents
    @wraps(view)
    def with_context(
        request: HttpRequest, agent: AgentContext, interaction_id: int, crm_id: int, **names: Any
    ) -> HttpResponse:
        context = CardContext(agent, agent.interaction(interaction_id), agent.access(crm_id))
        if request.method == "GET" and not request.headers.get("HX-Request"):
            return redirect("banner-interaction", interaction_id)
        try:
            return view(request, context, **names)
        except IntegrationError as error:
            return show_trouble(request, context, error_messages.of_reading(error))

    return with_context


def named(request: HttpRequest) -> str:
    """The name that the page gave to its form; PostgreSQL keeps no zero byte."""
    return request.POST.get("token", "").replace("\0", "")[:40]


def show_trouble(request: HttpRequest, context: CardContext, what: error_messages.Trouble) -> HttpResponse:
    return render(request, "banner/_trouble.html", {"context": context, "trouble": what})


def show_card(
    request: HttpRequest,
    context: CardContext,
    target: CRMObject,
    record: Record,
    *,
    outcome: str = "",
    otherwise: Sequence[tuple[str, str]] = (),
    alone: bool = True,  # no other card matched: there is no list to go back to
    error_message: str = "",
) -> HttpResponse:
    """`outcome`: "saved", "unchanged", or "otherwise" where the CRM does not confirm fields (name and sent text)."""
    fields = fields_of(target)
    listed = [field for field in fields if field.in_list]
    shown_card = {
        "context": context,
        "target": target,
        "record": record,
        "values": shown(listed or fields, record.values),
        "others": shown([field for field in fields if not field.in_list] if listed else [], record.values),
        "is_assigned": context.assigned == (target.api_name, record.id),
        "outcome": outcome,
        "otherwise": otherwise,
        "alone": alone,
        "error_message": error_message,
    }
    return render(request, "banner/_card.html", shown_card)


def fields_of(target: CRMObject) -> list[CRMField]:
    return list(target.fields.all())
