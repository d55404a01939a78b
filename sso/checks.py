"""Settings of allauth under which somebody could come in past `sso.policy`, or a token be stored in clear text."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.account import app_settings as account
from allauth.account.adapter import get_adapter as account_adapter
from allauth.socialaccount import app_settings as social
from allauth.socialaccount.adapter import get_adapter as social_adapter
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, reverse

from sso.adapter import AccountAdapter, SocialAccountAdapter

Rule = tuple[object, str, str, str]
"""Whether a setting is wrong, what it does then, what to do about it, and the id of the error."""


@register()
def sign_in_settings(**kwargs: Any) -> list[CheckMessage]:
    rules: list[Rule] = [
        (
            social.STORE_TOKENS,
            "SOCIALACCOUNT_STORE_TOKENS stores access tokens in clear text.",
            "Set it to False: sign-in needs a token for a second only.",
            "sso.E001",
        ),
        (
            social.EMAIL_AUTHENTICATION or social.EMAIL_AUTHENTICATION_AUTO_CONNECT,
            "SOCIALACCOUNT_EMAIL_AUTHENTICATION lets an e-mail alone sign somebody in.",
            "Set it and SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT to False.",
            "sso.E002",
        ),
        (
            social.AUTO_SIGNUP,
            "SOCIALACCOUNT_AUTO_SIGNUP creates users by signing in.",
            "Set it to False: administrators create users.",
            "sso.E003",
        ),
        (
            social.LOGIN_ON_GET,
            "SOCIALACCOUNT_LOGIN_ON_GET opens allauth's own sign-in pages to crafted links.",
            "Set it to False: our own view starts the flow.",
            "sso.E004",
        ),
        (
            social.PROVIDERS,
            "SOCIALACCOUNT_PROVIDERS holds clients, scopes or parameters that no connector knows of.",
            "Remove it: the connector and its authentication method say everything.",
            "sso.E005",
        ),
        *_of_our_own_parts(),
    ]
    return [Error(text, hint=hint, id=number) for is_wrong, text, hint, number in rules if is_wrong]


def _of_our_own_parts() -> list[Rule]:
    return [
        (
            not isinstance(social_adapter(), SocialAccountAdapter) or not isinstance(account_adapter(), AccountAdapter),
            "SOCIALACCOUNT_ADAPTER and ACCOUNT_ADAPTER must be those of sso.adapter, which ask the sign-in policy.",
            "Set them to sso.adapter.SocialAccountAdapter and sso.adapter.AccountAdapter, or subclasses of these.",
            "sso.E006",
        ),
        (
            account.EMAIL_VERIFICATION != account.EmailVerificationMethod.NONE,
            "ACCOUNT_EMAIL_VERIFICATION leads to pages that do not exist here.",
            "Set it to “none”: the vendor and the portal vouch for the e-mail.",
            "sso.E007",
        ),
        (
            list(settings.AUTHENTICATION_BACKENDS) != ["users.roles.RoleBackend", "sso.backend.ConnectorBackend"],
            "AUTHENTICATION_BACKENDS names other ways to sign in, or lacks one of ours.",
            "Set it to users.roles.RoleBackend and sso.backend.ConnectorBackend, in this order.",
            "sso.E009",
        ),
        (
            settings.SESSION_ENGINE != "users.sessions",
            "SESSION_ENGINE keeps sessions under their bare keys: a copy of them opens everything.",
            "Set it to users.sessions.",
            "sso.E010",
        ),
    ]


@register()
def no_other_pages(**kwargs: Any) -> list[CheckMessage]:
    reachable = []
    for name in ("account_login", "account_signup", "socialaccount_signup"):
        with suppress(NoReverseMatch):
            reverse(name)
            reachable.append(name)
    if not reachable:
        return []
    return [
        Error(
            f"Pages of allauth are reachable: {', '.join(reachable)}.",
            hint="Take allauth.urls out of the URL configuration: sign-in has two addresses, both in sso.urls.",
            id="sso.E008",
        )
    ]
