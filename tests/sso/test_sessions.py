"""How long the session of a sign-in lasts."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.sso.conftest import Person
from tests.zoho import Zoho
from users.models import User

pytestmark = pytest.mark.django_db
AS_LONG_AS_EVERY_OTHER = timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1)


def lives(browser: Client, after: timedelta) -> bool:
    """Whether the browser's session is there yet, if nothing is asked until then."""
    with time_machine.travel(timezone.now() + after, tick=False):
        return bool(import_module(settings.SESSION_ENGINE).SessionStore(browser.session.session_key).load())


def test_a_sign_in_that_nobody_finishes_is_forgotten_after_ten_minutes(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    person.leave()
    assert lives(person.browser, timedelta(minutes=9))
    assert not lives(person.browser, timedelta(minutes=10))


def test_whoever_comes_in_stays_as_long_as_everybody(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert lives(person.browser, AS_LONG_AS_EVERY_OTHER)


def test_so_does_whoever_turns_to_the_password_instead(zoho: Zoho, grace: User, ada: User) -> None:
    person = Person(zoho, "grace@acme.example")
    person.leave()
    person.browser.post("/maker/login/", {"username": ada.username, "password": "correct horse"})
    assert person.user == str(ada.pk)
    assert lives(person.browser, AS_LONG_AS_EVERY_OTHER)


def test_a_user_who_begins_another_sign_in_keeps_his_session(zoho: Zoho, grace: User, sid: User) -> None:
    person = Person(zoho, "grace@acme.example")
    person.browser.force_login(sid)
    person.leave()
    assert lives(person.browser, AS_LONG_AS_EVERY_OTHER)
