"""A superuser who always comes through Zoho needs the password on the day on which Zoho is away."""

from __future__ import annotations

import pytest
from django.test import Client

from sso.models import Association, PinnedIdentity, SSOConnector
from tests.sso.conftest import Person
from tests.users.test_guessing import CAFE, HOME, attempt, opens
from tests.zoho import Zoho
from users import signin
from users.models import User

pytestmark = pytest.mark.django_db


def test_who_came_in_through_zoho_is_known_at_the_password_too(
    zoho: Zoho, ada: User, connector: SSOConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = zoho.stand_in.world.centres["eu"].people.values()
    zuid = next(person.zuid for person in people if person.email == ada.username)
    Association.objects.create(user=ada, connector=connector)
    PinnedIdentity.objects.create(user=ada, integration="zoho_desk", location="eu", subject=zuid)
    laptop = Person(zoho, ada.username, Client(REMOTE_ADDR=HOME))
    laptop.sign_in()
    assert laptop.user == str(ada.pk)
    monkeypatch.setattr(signin, "PER_ACCOUNT", 10)
    for number in range(10):
        attempt(Client(), address=f"192.0.2.{number}")
    assert not opens(Client(), CAFE)
    assert opens(Client(), HOME)
    assert opens(laptop.browser, CAFE)
