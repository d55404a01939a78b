"""allauth's Zoho provider for our connectors: the client comes from the connector's method, not from SocialApp rows.

allauth finds `provider_classes` here by the name of this module.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.zoho.provider import ZohoProvider
from django.http import HttpRequest

from integrations.base import Integration
from integrations.types import App
from sso.models import SSOConnector
from sso.oauth import ZohoDeskOAuth2Adapter

STATE = re.compile(r"([0-9]{1,18})\.[A-Za-z0-9_-]+")


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
