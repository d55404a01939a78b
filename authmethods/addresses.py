"""The addresses that customers register in the vendor's console. The paths stay as they are, to the letter."""

from __future__ import annotations

from django.conf import settings

CONSENT_PATH = "api/authclients/hbdnakz/fzefdzs"
SIGN_IN_PATH = "api/sso/login/oauth/callback"


def homepage() -> str:
    return str(settings.PUBLIC_URL)


def consent_return() -> str:
    return f"{settings.PUBLIC_URL}/{CONSENT_PATH}"


def sign_in_return() -> str:
    return f"{settings.PUBLIC_URL}/{SIGN_IN_PATH}"
