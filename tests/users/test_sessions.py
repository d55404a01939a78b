"""How long a session lives, and what a copy of the database is worth."""

from __future__ import annotations

from importlib import import_module

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as FormerStore
from django.db import connection
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


def copied(*tables: str) -> list[str]:
    """What a copy of the database holds in these tables, or in all, as text."""
    with connection.cursor() as cursor:
        texts = []
        for table in tables or connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += [str(value) for row in cursor.fetchall() for value in row]
    return texts


def test_a_copy_of_the_database_opens_no_session(client: Client, ada: User) -> None:
    page = client.post("/maker/login/?next=/maker/", {"username": ada.username, "password": "correct horse"})
    assert page.status_code == 302
    cookie = client.cookies["deskline_session"].value
    assert client.get("/maker/").status_code == 200
    assert not [text for text in copied() if cookie in text]
    candidates = {word for text in copied("django_session") for word in (text, *text.split(":"))}
    assert len(candidates) > 3
    for candidate in candidates:
        thief = Client()
        thief.cookies["deskline_session"] = candidate
        assert thief.get("/maker/").status_code == 302


def test_a_session_that_was_kept_under_its_key_opens_nothing(ada: User) -> None:
    """As former versions kept them: a copy made before the upgrade is worth nothing after it."""
    former = FormerStore()
    browser = signed_in(ada)
    former.update(dict(browser.session.items()))
    former.create()
    former.save()
    thief = Client()
    thief.cookies["deskline_session"] = str(former.session_key)
    assert browser.get("/maker/").status_code == 200
    assert thief.get("/maker/").status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "\u00e9" * 20, "a" * 5000, "\x00" * 32])
def test_a_cookie_that_is_no_key_is_nobodys(db: None, cookie: str) -> None:
    browser = Client()
    browser.cookies["deskline_session"] = cookie
    assert browser.get("/maker/").status_code == 302


def test_signing_out_ends_the_session_and_no_other(ada: User) -> None:
    here, there = signed_in(ada), signed_in(ada)
    cookie = here.cookies["deskline_session"].value
    here.post("/maker/logout/")
    thief = Client()
    thief.cookies["deskline_session"] = cookie
    assert thief.get("/maker/").status_code == 302
    assert there.get("/maker/").status_code == 200


def test_code_that_waits_for_nobody_reads_the_same_session(ada: User) -> None:
    """The web server asks synchronously; a live channel may not."""
    browser = signed_in(ada)
    key = browser.cookies["deskline_session"].value

    async def life() -> tuple[bool, object, object]:
        store = import_module(settings.SESSION_ENGINE).SessionStore(key)
        here, user = await store.aexists(key), await store.aget("_auth_user_id")
        await store.aset("left", "behind")
        await store.asave()
        again = import_module(settings.SESSION_ENGINE).SessionStore(key)
        left = await again.aget("left")
        await again.adelete()
        return here, user, left

    assert async_to_sync(life)() == (True, str(ada.pk), "behind")
    assert browser.get("/maker/").status_code == 302
