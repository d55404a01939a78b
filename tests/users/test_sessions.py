"""How long a session lives, and what a copy of the database is worth."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.users.test_escalation import change
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_who_was_deactivated_and_is_active_again_signs_in_anew(maker: Client, omar: User) -> None:
    awake, asleep = signed_in(omar), signed_in(omar)
    change(maker, omar, is_active=None)
    assert awake.get("/maker/").status_code == 302
    change(maker, omar)
    assert awake.get("/maker/").status_code == 302
    assert asleep.get("/maker/").status_code == 302
    assert signed_in(User.objects.get(pk=omar.pk)).get("/maker/").status_code == 200


def test_changes_that_take_nothing_away_leave_sessions_alone(maker: Client, omar: User) -> None:
    his = signed_in(omar)
    change(maker, omar, name="Omar O.", username="omar.o@acme.example")
    assert his.get("/maker/").status_code == 200
