"""allauth's Zoho provider for our connectors: the client comes from the connector's method, not from SocialApp rows.

allauth finds `provider_classes` here by the name of this module.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.zoho.provider import ZohoProvider
from allauth.socialaccount.providers.zoho.views import ZohoOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.base import Integration
from integrations.types import App
from integrations.zoho_desk import token_errors
from outbound import http
from sso.models import SSOConnector

STATE = re.compile(r"([0-9]{1,18})\.[A-Za-z0-9_-]+")


class SignInClient(OAuth2Client):
    """allauth's client, asking through ours: guarded, capped, and without the answer's body in its errors."""

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: None = None
    ) -> dict[str, Any]:
        """Redeem the code. Raises the errors of `integrations.errors`."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.consumer_key,
            "client_secret": self.consumer_secret,
            "redirect_uri": self.callback_url,
            "code": code,
            "code_verifier": pkce_code_verifier or "",
        }
        answer = http.client.send("POST", self.access_token_url, form=form)
        return dict(token_errors.read(answer, refreshing=False))


class ZohoDeskOAuth2Adapter(ZohoOAuth2Adapter):
    """Zoho in the data centre `location`: where the method is at home, or where the callback says the person is."""

    client_class = SignInClient

    def __init__(self, request: HttpRequest, provider: ZohoDeskProvider, location: str) -> None:
        super().__init__(request)
        self.provider = provider
        self.location = location
        # Raises Misconfigured for a location outside the table: nothing is ever sent elsewhere.
        addresses = provider.vendor.sign_in_addresses(location)
        self.authorize_url = addresses.authorise
        self.access_token_url = addresses.token
        self.profile_url = addresses.profile

    def get_provider(self) -> ZohoDeskProvider:
        return self.provider

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        # From PUBLIC_URL, as registered at Zoho; never from the Host header.
        return settings.PUBLIC_URL + reverse("sso-callback")

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Read who it is. The account is never stored: `sso.models.PinnedIdentity` is our own record."""
        answer = http.client.send("GET", self.profile_url, headers={"Authorization": f"Bearer {token.token}"})
        try:
            profile = answer.json()
        except ValueError:
            profile = None
        if answer.status != 200 or not isinstance(profile, dict):
            raise OAuth2Error(_("Zoho did not say who signed in (HTTP %(status)d).") % {"status": answer.status})
        identity = self.provider.vendor.identity(self.location, profile)
        account = SocialAccount(
            provider=self.provider.sub_id,
            uid=f"{identity.location}:{identity.subject}",
            extra_data=asdict(identity),
        )
        return SocialLogin(account=account, provider=self.provider)


class ZohoDeskProvider(ZohoProvider):
    """Sign-in through one connector, at one of Zoho's data centres."""

    id = "zoho_desk"
    name = "Zoho Desk"
    oauth2_adapter_class = ZohoDeskOAuth2Adapter

    def __init__(self, request: HttpRequest, connector: SSOConnector, client: App) -> None:
        super().__init__(request, app=_app(connector, client, self.id))
        self.connector = connector

    @property
    def vendor(self) -> Integration:
        return self.connector.method.vendor

    def get_oauth2_adapter(self, request: HttpRequest) -> ZohoDeskOAuth2Adapter:
        """Zoho where the method is at home; it leads people of another data centre to their own (zoho-facts.md 2.2)."""
        return self.at(self.connector.method.location)

    def at(self, location: str) -> ZohoDeskOAuth2Adapter:
        """Zoho in that data centre. Raises Misconfigured for one that is not in the table."""
        return ZohoDeskOAuth2Adapter(self.request, self, location)

    def stash_redirect_state(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> str:
        """The state names its connector, since one callback serves all of them; the rest stays in the session."""
        kwargs["state_id"] = f"{self.connector.pk}.{secrets.token_urlsafe(32)}"
        return str(super().stash_redirect_state(request, process, *args, **kwargs))


def connector_of(state: str) -> SSOConnector | None:
    """The connector that a state claims to belong to. allauth then checks it against the session."""
    named = STATE.fullmatch(state)
    if named is None:
        return None
    return SSOConnector.objects.select_related("method").filter(pk=int(named[1])).first()


def _app(connector: SSOConnector, client: App, provider: str) -> SocialApp:
    """allauth's notion of a client, made for one request and never stored.

    Its `provider_id` is part of what allauth binds a state to, so that a state of one connector serves no other.
    """
    return SocialApp(
        provider=provider,
        provider_id=f"connector-{connector.pk}",
        name=connector.name,
        client_id=client.client_id,
        secret=client.client_secret,
        settings={
            # One text: allauth would put several through a set and join them with spaces (docs/zoho-facts.md 3.1).
            "scope": [",".join(connector.method.vendor.sign_in_scopes)],
            # Online: a refresh token for every sign-in would evict those of the API connection (zoho-facts.md 1.4).
            "auth_params": {"access_type": "online"},
            "oauth_pkce_enabled": True,
        },
    )


provider_classes = [ZohoDeskProvider]
