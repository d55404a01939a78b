"""The only two addresses of sign-in, and the way out."""

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

from authmethods.models import AuthenticationMethod
from integrations.errors import IntegrationError
from sso import policy, sessions
from sso.models import SSOConnector
from sso.provider import ConnectorProvider, connector_of
from sso.refusals import refuse


@never_cache
@require_GET
def login(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the person to the vendor.

    By GET, since this is the address that people keep as a bookmark: it changes nothing but a state in their own
    session. Nothing of the query is read, so a crafted link asks for no more than ours does.
    """
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
    """Take the person back from the vendor.

    Anybody can write the accounts server into the query, so it only picks a row of our table; the code and the
    client's secret go nowhere else.
    """
    connector = connector_of(request.GET.get("state", ""))
    if connector is None:
        return refuse(request, None, _("The return names no connector: it is not one that we began."))

    def arrive(provider: ConnectorProvider) -> HttpResponse:
        adapter = provider.at(_location(connector.method, request.GET.get("accounts-server", "")))
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
        return answer

    return _unless_refused(request, connector, arrive)


def _location(method: AuthenticationMethod, accounts_server: str) -> str:
    """The person's data centre; where the vendor names none, it is the method's."""
    if not accounts_server:
        return method.location
    return method.oauth.location_of(method.vendor.read_environment(method.environment_url), accounts_server)


def _unless_refused(
    request: HttpRequest, connector: SSOConnector, step: Callable[[ConnectorProvider], HttpResponse]
) -> HttpResponse:
    """One half of a sign-in, or the page for everybody who is refused on the way."""
    try:
        return step(ConnectorProvider(request, connector, policy.client_of(connector)))
    except policy.SignInRefused as refusal:
        return refuse(request, connector, refusal.reason)
    except IntegrationError as error:
        return refuse(request, connector, str(error))


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. The vendor's own session goes on, which the page says."""
    person = request.user.pk
    connector = SSOConnector.objects.filter(associations__user=person).first() if person else None
    logout(request)
    return render(request, "sso/signed_out.html", {"connector": connector})
