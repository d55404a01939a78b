"""A connector whose method is connected to Acme's portal, and people who walk through the stand-in's sign-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from authmethods.models import AuthenticationMethod
from fakezoho.identities import Person as ZohoPerson
from sso.models import Association, SSOConnector
from tests.zoho import Zoho
from users.models import User


@pytest.fixture
def method(zoho: Zoho, ada: User) -> AuthenticationMethod:
    """Enabled for Acme's portal in the EU."""
    return zoho.method("acme", by=ada)


@pytest.fixture
def connector(method: AuthenticationMethod) -> SSOConnector:
    return SSOConnector.objects.create(name="Zoho", reference="zoho", method=method)


@pytest.fixture
def grace(connector: SSOConnector) -> User:
    """An agent of Acme's, invited to the connector."""
    user = User.objects.create_user("grace@acme.example", name="Grace")
    Association.objects.create(user=user, connector=connector)
    return user


class Person:
    """Somebody with a browser and a Zoho account."""

    def __init__(self, zoho: Zoho, email: str, browser: Client | None = None) -> None:
        self.zoho = zoho
        self.email = email
        self.browser = browser or Client()

    def leave(self, path: str = "/api/sso/login/zoho") -> str:
        """Open the login URL; where the browser is sent."""
        answer = self.browser.get(path)
        assert answer.status_code == 302, answer.content
        return str(answer["Location"])

    def accept(self, authorise: str) -> str:
        """Consent at Zoho; where the browser is sent back."""
        return self.zoho.stand_in.approve(authorise, self.email)

    def arrive(self, back: str) -> Any:
        assert back.startswith(settings.PUBLIC_URL)
        return self.browser.get(back.removeprefix(settings.PUBLIC_URL))

    def sign_in(self, path: str = "/api/sso/login/zoho") -> Any:
        return self.arrive(self.accept(self.leave(path)))

    @property
    def user(self) -> str:
        """The id of the user of this browser's session, "" for nobody."""
        return str(self.browser.session.get("_auth_user_id", ""))


def rename(zoho: Zoho, person: ZohoPerson, email: str) -> None:
    """Give a Zoho account another e-mail, as its owner can."""
    zoho.stand_in.world.centres[person.dc].people[person.zuid] = replace(person, email=email)
