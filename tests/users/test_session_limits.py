"""A session ends when nobody works with it, and in any case after some days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.users.test_sessions import signed_in
from users.models import Profile, User

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Later = Callable[[timedelta], None]
PART = {"HX-Request": "true"}
UNATTENDED = {**PART, "X-Unattended": "yes"}
"""How the Banner's page marks what it asks without its agent: the poll, and what opens by itself."""


@pytest.fixture
def agent(sid: User) -> User:
    sid.profiles.add(Profile.objects.create(name="Sales"))
    return sid


@pytest.fixture
def later() -> Iterator[Later]:
    """Let that much time pass."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield lambda time: clock.shift(time)


def is_in(browser: Client) -> bool:
    return browser.get("/banner/").status_code == 200


def test_after_twelve_hours_without_a_request_one_signs_in_anew(agent: User, later: Later) -> None:
    browser, other = signed_in(agent), signed_in(agent)
    later(11 * HOUR)
    assert is_in(browser)
    later(HOUR + timedelta(minutes=1))
    assert is_in(browser)
    assert not is_in(other)


def test_work_every_few_hours_keeps_a_session_for_a_week_and_no_longer(agent: User, later: Later) -> None:
    browser = signed_in(agent)
    for _ in range(16):
        later(10 * HOUR)
        assert is_in(browser)
    later(7 * HOUR)
    assert is_in(browser)
    later(HOUR)
    assert not is_in(browser)


def test_signing_in_anew_in_the_same_browser_begins_the_week_anew(client: Client, ada: User, later: Later) -> None:
    form = {"username": ada.username, "password": "correct horse"}
    client.post("/maker/login/?next=/maker/", form)
    first = client.cookies["deskline_session"].value
    for _ in range(15):
        later(10 * HOUR)
        assert client.get("/maker/").status_code == 200
    client.post("/maker/login/?next=/maker/", form)
    assert client.cookies["deskline_session"].value != first
    for _ in range(3):
        later(10 * HOUR)
        assert client.get("/maker/").status_code == 200


def test_a_page_that_only_asks_for_news_does_not_keep_its_session(agent: User, later: Later) -> None:
    browser = signed_in(agent)
    for _ in range(11):
        later(HOUR)
        assert browser.get("/banner/live/", headers=UNATTENDED).status_code == 200
    later(HOUR)
    answer = browser.get("/banner/live/", headers=UNATTENDED)
    assert answer.status_code == 401
    assert not answer.has_header("HX-Redirect")  # the page stays, with what was typed


def test_what_the_agent_does_in_the_page_keeps_it(agent: User, later: Later) -> None:
    browser = signed_in(agent)
    for _ in range(4):
        later(6 * HOUR)
        assert browser.get("/banner/live/", headers=PART).status_code == 200


def test_a_session_is_written_no_more_than_every_few_minutes(agent: User, later: Later) -> None:
    browser = signed_in(agent)
    browser.get("/banner/")
    later(timedelta(seconds=30))
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert is_in(browser)
        assert not [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    later(timedelta(minutes=5))
    with CaptureQueriesContext(connection) as queries:
        assert is_in(browser)
    assert len([query["sql"] for query in queries if query["sql"].startswith("UPDATE")]) == 1


def test_the_limits_are_settings(agent: User, later: Later, settings: object) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_MAX_HOURS = 15, 2  # type: ignore[attr-defined]
    idle, busy = signed_in(agent), signed_in(agent)
    for _ in range(11):
        later(timedelta(minutes=10))
        assert is_in(busy)
    assert not is_in(idle)
    later(timedelta(minutes=11))
    assert not is_in(busy)


def test_limits_that_became_stricter_hold_for_sessions_there_are(agent: User, later: Later, settings: object) -> None:
    browser = signed_in(agent)
    later(3 * HOUR)
    settings.SESSION_MAX_HOURS = 2  # type: ignore[attr-defined]
    assert not is_in(browser)


def test_who_comes_back_to_a_session_that_ended_is_told_so(agent: User, later: Later) -> None:
    browser = signed_in(agent)
    later(13 * HOUR)
    page = browser.get("/banner/", follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "Your session has ended" in page.content.decode()
    assert "Your session has ended" not in browser.get("/").content.decode()
    assert "Your session has ended" not in Client().get("/banner/", follow=True).content.decode()


def test_a_part_of_a_page_leads_there_too(agent: User, later: Later) -> None:
    browser = signed_in(agent)
    later(13 * HOUR)
    answer = browser.get("/banner/live/", headers=PART)
    assert answer.headers["HX-Redirect"] == "/"
    assert "Your session has ended" in browser.get("/").content.decode()


def test_in_the_maker_one_is_told_and_led_back_after_signing_in(ada: User, later: Later) -> None:
    browser = signed_in(ada)
    later(13 * HOUR)
    answer = browser.get("/maker/users/user/", follow=True)
    [(door, _status)] = answer.redirect_chain
    assert "session has ended" in answer.content.decode()
    assert "session has ended" not in Client().get("/maker/login/?next=/maker/").content.decode()
    back = browser.post(door, {"username": ada.username, "password": "correct horse"})
    assert back.headers["Location"] == "/maker/users/user/"


def test_a_window_of_the_maker_leads_to_the_sign_in_and_back_to_its_list(ada: User, later: Later) -> None:
    browser = signed_in(ada)
    later(13 * HOUR)
    headers = {**PART, "HX-Target": "modal-content", "HX-Current-URL": "http://testserver/maker/users/user/?q=sid"}
    door = browser.get(f"/maker/users/user/{ada.pk}/history/", headers=headers).headers["HX-Redirect"]
    assert "session has ended" in browser.get(door).content.decode()
    back = browser.post(door, {"username": ada.username, "password": "correct horse"})
    assert back.headers["Location"] == "/maker/users/user/?q=sid"


def test_a_part_of_a_form_says_it_in_its_place_so_that_the_form_stays(ada: User, later: Later) -> None:
    """The preview of a rule is asked for while somebody types: leading away would throw the rule away."""
    browser = signed_in(ada)
    later(13 * HOUR)
    answer = browser.post("/maker/crm/assignment/preview/1/", headers={**PART, "HX-Target": "preview"})
    assert answer.status_code == 200
    assert not answer.has_header("HX-Redirect")
    assert "Your session has ended" in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["https://evil.example/x", "//evil.example", "javascript:alert(1)", "", "http://[", "\ud800"]
)
def test_a_window_leads_back_to_no_other_site(db: None, page: str) -> None:
    headers = {**PART, "HX-Target": "dialog", "HX-Current-URL": page}
    door = Client().get("/maker/users/user/1/history/", headers=headers).headers["HX-Redirect"]
    assert door.startswith("/maker/login/")
    assert "evil" not in door
    assert "javascript" not in door
