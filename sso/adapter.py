"""Where allauth asks us: which clients exist, who is let in, and what happens when it fails."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest
from django.utils.translation import gettext as _

from integrations.types import Identity
from maker.client_address import client_address
from sso import backend, policy
from sso.provider import ConnectorProvider
from sso.refusals import refuse


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; allauth's own messages belong to pages that we do not have."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Failures are counted by it. allauth's own ends in an error where a header is shorter than expected."""
        return client_address(request) or "unknown"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        return


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """None: a SocialApp row or setting would be a way in that no connector knows of."""
        return []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> NoReturn:
        raise RuntimeError("Sign-in asks through outbound.http alone.")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let the policy decide; allauth then signs the user in and rotates the session."""
        connector = sociallogin.provider.connector
        identity = Identity(**sociallogin.account.extra_data)
        try:
            admission = policy.decide(connector, identity)
            if admission.linked_now:
                # Sessions from before the owner of the account proved who they are may be somebody else's.
                admission.user.end_sessions()
            sociallogin.user = backend.opened(connector, identity, admission.user)
        except policy.SignInRefused as refusal:
            response = refuse(request, connector, refusal.reason, claimed=identity.email)
            raise ImmediateHttpResponse(response) from refusal

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: ConnectorProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Refuse with a reason that administrators read; no text from outside gets into it."""
        if "state" not in (extra_context or {}):
            reason = _(
                "The return from the vendor belongs to no sign-in that this browser began in the last ten minutes, or "
                "it was used already (a bookmark of a page in between, the back button, or somebody's crafted link)."
            )
        elif error == AuthError.CANCELLED:
            reason = _("The person refused the consent at the vendor.")
        elif isinstance(exception, OAuth2Error):
            reason = str(exception)
        else:
            reason = _("The vendor sent the person back with an error instead of a code.")
        raise ImmediateHttpResponse(refuse(request, provider.connector, reason))
