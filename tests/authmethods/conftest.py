from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from authmethods.models import AuthenticationMethod

RETURN = "/api/authclients/hbdnakz/fzefdzs"


class Administrator:
    """Somebody at the Maker, in a browser of his own."""

    def __init__(self, user) -> None:
        self.user = user
        self.browser = Client()
        self.browser.force_login(user)

    def begin(self, method, kind="production", dialog="enable") -> str:
        """Go through the validation window; gives the vendor's address, or "" when the window showed an error."""
        address = reverse(f"admin:authmethods_authenticationmethod_{dialog}", args=[method.pk])
        response = self.browser.post(address, {"kind": kind})
        return response.headers.get("Location", "")

    def come_back(self, answer: dict[str, str]) -> str:
        """Arrive at the callback; gives all that the page then says."""
        response = self.browser.get(RETURN, answer, follow=True)
        return response.content.decode()

    def enable(self, zoho, method, kind="production", portal="acme") -> str:
        return self.come_back(zoho.accept(self.begin(method, kind), portal))


@pytest.fixture
def admin(ada):
    return Administrator(ada)


@pytest.fixture
def statuses():
    """Status of every method, as stored."""
    return lambda: list(AuthenticationMethod.objects.values_list("status", flat=True))
