from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from authmethods import consent, organisation
from authmethods.models import AuthenticationMethod, PendingGrant
from maker.context import page_context
from users.actor import actor

LIST = "admin:authmethods_authenticationmethod_changelist"


@never_cache
@require_GET
def consent_return(request: HttpRequest) -> HttpResponse:
    """Finish a consent. Leads only to pages of ours, and says in the list what came of it."""
    if not request.user.is_authenticated:
        return render(request, "authmethods/stranger.html", status=403)
    returned = consent.Return(
        user=request.user,
        session_key=request.session.session_key or "",
        state=request.GET.get("state", ""),
        code=request.GET.get("code", ""),
        error=request.GET.get("error", ""),
        accounts_server=request.GET.get("accounts-server", ""),
    )
    try:
        result = consent.complete(returned)
    except consent.ConsentFailed as problem:
        messages.error(request, str(problem))
        return redirect(LIST)
    if isinstance(result, PendingGrant):
        return redirect("admin:pick-organisation", pending=result.pk)
    return _enabled(request, result)


@never_cache
@require_http_methods(["GET", "POST"])
def pick_organisation(request: HttpRequest, pending: int) -> HttpResponse:
    """Several portals remain, or another one than before: the administrator who consented picks, in their session."""
    waiting = get_object_or_404(_waiting(request).select_related("method"), pk=pending)
    if not request.user.has_perm(consent.RIGHT):
        raise PermissionDenied
    if request.method == "GET":
        return _pick_page(request, waiting)
    if "cancel" in request.POST:
        organisation.drop(waiting)
        messages.info(request, _("The consent was dropped; the method stays as it was."))
        return redirect(LIST)
    try:
        method = organisation.pick(waiting, request.POST.get("organisation", ""), actor(request))
    except organisation.NoChoice as problem:
        messages.error(request, str(problem))
        return _pick_page(request, waiting)
    return _enabled(request, method)


def _waiting(request: HttpRequest) -> QuerySet[PendingGrant]:
    consent.sweep()
    return PendingGrant.objects.filter(user=actor(request), session_digest=consent.digest(request.session.session_key))


def _pick_page(request: HttpRequest, waiting: PendingGrant) -> HttpResponse:
    offers = organisation.offers(waiting)
    context = {
        **page_context(request, _("Which organisation?")),
        "method": waiting.method,
        "kind": waiting.get_kind_display(),
        "offers": offers,
        "most": organisation.MOST_OFFERED if len(offers) == organisation.MOST_OFFERED else 0,
    }
    return TemplateResponse(request, "authmethods/pick.html", context)


def _enabled(request: HttpRequest, method: AuthenticationMethod) -> HttpResponse:
    messages.success(
        request,
        _("“%(method)s” is enabled for %(organisation)s.")
        % {"method": method, "organisation": method.organisation_name},
    )
    return redirect(LIST)
