from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from banner.context import CardContext
from banner.decorators import named, part
from interactions import open_forms


@require_POST
@part
def hold(request: HttpRequest, context: CardContext) -> HttpResponse:
    if not context.access.may_create:
        raise PermissionDenied
    token = named(request)
    if "leave" in request.POST:
        open_forms.close(context.interaction, context.access.crm, context.agent.user, token)
        return JsonResponse({"held": False})
    return JsonResponse({"held": open_forms.hold(context.interaction, context.access.crm, context.agent.user, token)})
