from __future__ import annotations

from collections.abc import Callable

from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from integrations.errors import IntegrationError
from sso import policy, sessions
from sso.models import SSOConnector
from sso.provider import ConnectorProvider, connector_of
from sso.refusals import refuse


@never_cache
@require_GET
def login(request: HttpRequest, reference: str) -> HttpResponse:
    """By GET, as people bookmark it: it changes only a state in their own session, and reads nothing of the query."""
    known = SSOConnector.objects.select_related("method").filter(reference=reference)
    connector = known.first() if reference.isprintable() else None
    if connector is None:
        return refuse(request, None, _("There is no connector with the reference “%(given)s”.") % {"given": reference})

    def leave(provider: ConnectorProvider) -> HttpResponse:
        sessions.keep_briefly(request)
        answer: HttpResponse = provider.redirect(request, process=AuthProcess.LOGIN, next_url="/")
        return answer

    return _unless_refused(request, connector, leave)


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Anybody can write the accounts server into the query, so it only picks a row of our own table."""
    connector = connector_of(request.GET.get("state", ""))
    if connector is None:
        return refuse(request, None, _("The return names no connector: it is not one that we began."))

    def arrive(provider: ConnectorProvider) -> HttpResponse:
        method, accounts_server = connector.method, request.GET.get("accounts-server", "")
        location = method.location
        if accounts_server:
            environment = method.vendor.read_environment(method.environment_url)
            location = method.oauth.location_of(environment, accounts_server)
        answer: HttpResponse = OAuth2CallbackView.adapter_view(provider.at(location))(request)
        return answer

    return _unless_refused(request, connector, arrive)


def _unless_refused(
    request: HttpRequest, connector: SSOConnector, step: Callable[[ConnectorProvider], HttpResponse]
) -> HttpResponse:
    try:
        return step(ConnectorProvider(request, connector, policy.client_of(connector)))
    except policy.SignInRefused as refusal:
        return refuse(request, connector, refusal.reason)
    except IntegrationError as error:
        return refuse(request, connector, str(error))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    person = request.user.pk
    connector = SSOConnector.objects.filter(associations__user=person).first() if person else None
    logout(request)
    return render(request, "sso/signed_out.html", {"connector": connector})
