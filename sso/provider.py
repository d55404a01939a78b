"""allauth's OAuth 2.0 with the clients of our methods, not of SocialApp rows. It finds this module by its name."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.base import Integration, SignIn
from integrations.errors import Misconfigured
from integrations.types import App
from outbound import http
from sso.models import SSOConnector

STATE = re.compile(r"([0-9]{1,18})\.[A-Za-z0-9_-]+")


class ConnectorAdapter(OAuth2Adapter):
    """The vendor in one data centre, asked by our own client: guarded, capped, no answer's body in its errors."""

    def __init__(self, request: HttpRequest, provider: ConnectorProvider, location: str) -> None:
        super().__init__(request)
        self.provider = provider
        self.location = location
        # Raises Misconfigured for a location outside the table: nothing is ever sent elsewhere.
        addresses = provider.sign_in.addresses(location)
        self.authorize_url = addresses.authorise
        self.profile_url = addresses.profile
        self.access_token_url = ""  # `get_access_token_data` asks instead of allauth

    def get_provider(self) -> ConnectorProvider:
        return self.provider

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        # From PUBLIC_URL, as registered at the vendor; never from the Host header.
        return settings.PUBLIC_URL + reverse("sso-callback")

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: OAuth2Client, pkce_code_verifier: str | None = None
    ) -> str:
        """Redeem the code. Raises the errors of `integrations.errors`."""
        return self.provider.sign_in.redeem(
            App(app.client_id, app.secret),
            self.location,
            code=request.GET["code"],
            redirect_uri=client.callback_url,
            code_verifier=pkce_code_verifier or "",
        )

    def parse_token(self, data: str) -> SocialToken:
        return SocialToken(token=data)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Read who it is. The account is never stored: `sso.models.PinnedIdentity` is our own record."""
        answer = http.client.send("GET", self.profile_url, headers={"Authorization": f"Bearer {token.token}"})
        try:
            profile = answer.json()
        except ValueError:
            profile = None
        if answer.status != 200 or not isinstance(profile, dict):
            text = _("%(vendor)s did not say who signed in (HTTP %(status)d).")
            raise OAuth2Error(text % {"vendor": self.provider.vendor.label, "status": answer.status})
        identity = self.provider.sign_in.identity(self.location, profile)
        account = SocialAccount(
            provider=self.provider.sub_id,
            uid=f"{identity.location}:{identity.subject}",
            extra_data=asdict(identity),
        )
        return SocialLogin(account=account, provider=self.provider)


class ConnectorProvider(OAuth2Provider):
    id = "connector"
    name = "SSO connector"
    oauth2_adapter_class = ConnectorAdapter

    def __init__(self, request: HttpRequest, connector: SSOConnector, client: App) -> None:
        self.connector = connector
        app = SocialApp(  # made for one request and never stored
            provider=self.id,
            # allauth binds a state to it too, so that a state of one connector serves no other.
            provider_id=f"connector-{connector.pk}",
            name=connector.name,
            client_id=client.client_id,
            secret=client.client_secret,
            settings={
                # One text: allauth would put several through a set.
                "scope": [self.sign_in.scope],
                "auth_params": dict(self.sign_in.parameters),
                "oauth_pkce_enabled": True,
            },
        )
        super().__init__(request, app=app)

    @property
    def vendor(self) -> Integration:
        return self.connector.method.vendor

    @property
    def sign_in(self) -> SignIn:
        if self.vendor.sign_in is None:
            raise Misconfigured(_("Nobody can sign in with %(vendor)s.") % {"vendor": self.vendor.label})
        return self.vendor.sign_in

    def get_oauth2_adapter(self, request: HttpRequest) -> ConnectorAdapter:
        """Where the method is at home; the vendor leads people of another data centre to their own."""
        return self.at(self.connector.method.location)

    def at(self, location: str) -> ConnectorAdapter:
        return ConnectorAdapter(self.request, self, location)

    def stash_redirect_state(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> str:
        """Name the connector in the state, since one callback serves all of them."""
        kwargs["state_id"] = f"{self.connector.pk}.{secrets.token_urlsafe(32)}"
        return str(super().stash_redirect_state(request, process, *args, **kwargs))


def connector_of(state: str) -> SSOConnector | None:
    """Return the connector that a state claims to belong to. allauth then checks it against the session."""
    named = STATE.fullmatch(state)
    if named is None:
        return None
    return SSOConnector.objects.select_related("method").filter(pk=int(named[1])).first()


provider_classes = [ConnectorProvider]
