"""Settings that would open another way in stop the start."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from config.urls import urlpatterns as own
from sso import checks

urlpatterns = [*own, path("accounts/", include("allauth.urls"))]

ALLAUTHS = "allauth.account.auth_backends.AuthenticationBackend"


def test_our_own_settings_pass() -> None:
    assert checks.sign_in_settings() == []
    assert checks.no_other_pages() == []


@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        ("sso.E001", "SOCIALACCOUNT_STORE_TOKENS", True),
        ("sso.E002", "SOCIALACCOUNT_EMAIL_AUTHENTICATION", True),
        ("sso.E002", "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT", True),
        ("sso.E003", "SOCIALACCOUNT_AUTO_SIGNUP", True),
        ("sso.E004", "SOCIALACCOUNT_LOGIN_ON_GET", True),
        ("sso.E005", "SOCIALACCOUNT_PROVIDERS", {"zoho_desk": {"SCOPE": ["ZohoCRM.modules.ALL"]}}),
        ("sso.E006", "SOCIALACCOUNT_ADAPTER", "allauth.socialaccount.adapter.DefaultSocialAccountAdapter"),
        ("sso.E006", "ACCOUNT_ADAPTER", "allauth.account.adapter.DefaultAccountAdapter"),
        ("sso.E007", "ACCOUNT_EMAIL_VERIFICATION", "mandatory"),
        ("sso.E009", "AUTHENTICATION_BACKENDS", ["users.roles.RoleBackend"]),
        ("sso.E009", "AUTHENTICATION_BACKENDS", ["users.roles.RoleBackend", "sso.backend.ConnectorBackend", ALLAUTHS]),
        ("sso.E010", "SESSION_ENGINE", "django.contrib.sessions.backends.db"),
    ],
)
def test_a_setting_that_opens_another_way_in_is_an_error(settings: Any, number: str, name: str, value: Any) -> None:
    setattr(settings, name, value)
    [error] = checks.sign_in_settings()
    assert error.id == number
    assert name.removesuffix("_AUTO_CONNECT") in error.msg
    assert error.hint


def test_the_pages_of_allauth_are_an_error(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    [error] = checks.no_other_pages()
    assert error.id == "sso.E008"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["signup/", "login/", "3rdparty/", "social/signup/", "zoho/login/", "zoho_desk/login/callback/", ""]
)
def test_no_other_page_of_allauth_is_reachable(page: str) -> None:
    assert Client().get(f"/accounts/{page}").status_code == 404
