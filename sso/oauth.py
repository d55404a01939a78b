"""OAuth through allauth, with our table of data centres and our outbound client."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.zoho.views import ZohoOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations import http
from integrations.zoho_desk import token_answers

if TYPE_CHECKING:
    from sso.provider import ZohoDeskProvider


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
        return dict(token_answers.read(answer, refreshing=False))


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
