"""Passwords are guessed slowly, however it is tried, and nobody is locked out from outside."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
import requests
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.users.test_sessions import copied, signed_in
from users import signin
from users.models import User
from users.tasks import clear_sessions

pytestmark = pytest.mark.django_db
WRONG, TOO_MANY = "do not open the Maker", "Too many attempts"
HOME, CAFE = "198.51.100.7", "203.0.113.9"


def attempt(browser: Client, password: str = "wrong", address: str = HOME, username: str = "ada@acme.example") -> Any:
    form = {"username": username, "password": password, "next": "/maker/"}
    return browser.post("/maker/login/", form, REMOTE_ADDR=address)


def opens(browser: Client, address: str = HOME, username: str = "ada@acme.example") -> bool:
    """Whether the right password opens the Maker to this browser, from this address."""
    answer = attempt(browser, "correct horse", address, username)
    assert answer.status_code == 302 or TOO_MANY in answer.content.decode()
    return bool(answer.status_code == 302)


Storm = Callable[[], None]


@pytest.fixture
def storm(ada: User, monkeypatch: pytest.MonkeyPatch) -> Storm:
    """Wrong passwords for Ada from all over the world, until her account itself is closed to strangers.

    Ten are enough here; `tests/users/test_signin.py` sends as many as it takes.
    """
    monkeypatch.setattr(signin, "PER_ACCOUNT", 10)

    def wrong_passwords() -> None:
        for number in range(10):
            attempt(Client(), address=f"192.0.2.{number}")
        assert not opens(Client(), "192.0.2.200")

    return wrong_passwords


class SlowHasher(MD5PasswordHasher):
    """As slow as a real one, so that all of a burst are being checked at the same time."""

    def verify(self, password: str, encoded: str) -> bool:
        sleep(0.5)
        return super().verify(password, encoded)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["login", "password_change"])
def test_of_a_burst_of_wrong_passwords_five_are_looked_at(
    ada: User, live_server: LiveServer, settings: Any, door: str
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.SlowHasher"]
    browser = signed_in(ada)
    session = browser.cookies["deskline_session"].value if door == "password_change" else ""
    page = requests.get(f"{live_server.url}/maker/{door}/?next=/maker/", cookies={"deskline_session": session})
    cookies = {"deskline_session": session, "deskline_csrf": page.cookies["deskline_csrf"]}

    def guess(number: int) -> str:
        form = {"username": ada.username, "password": f"wrong {number}", "old_password": f"wrong {number}"}
        form |= {"new_password1": "a long enough phrase", "new_password2": "a long enough phrase"}
        form |= {"csrfmiddlewaretoken": cookies["deskline_csrf"]}
        return requests.post(f"{live_server.url}/maker/{door}/?next=/maker/", data=form, cookies=cookies).text

    with ThreadPoolExecutor(20) as threads:
        pages = list(threads.map(guess, range(20)))
    assert len([page for page in pages if TOO_MANY in page]) == 15
    assert len([page for page in pages if WRONG in page or "entered incorrectly" in page]) == 5


def test_the_right_password_uses_up_no_attempts(ada: User) -> None:
    assert all(opens(Client()) for _ in range(8))


def test_after_five_minutes_one_may_try_again(ada: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            attempt(Client())
        assert not opens(Client())
        clock.shift(timedelta(minutes=4))
        assert not opens(Client())  # what is refused makes the wait no longer
        clock.shift(timedelta(minutes=1))
        assert opens(Client())


def test_a_locked_account_opens_to_the_right_password_from_an_address_that_signed_in_before(storm: Storm) -> None:
    assert opens(Client(), HOME)
    assert opens(Client(), "2001:db8:1:3::1")
    storm()
    assert opens(Client(), HOME)
    assert opens(Client(), "2001:db8:1:3:9::9")
    assert not opens(Client(), CAFE)
    assert not opens(Client(), "2001:db8:1:4::1")


def test_an_address_is_known_to_the_account_that_signed_in_there_and_for_three_months(storm: Storm, omar: User) -> None:
    now = timezone.now()
    for address, days in ((HOME, 91), (CAFE, 89)):
        with time_machine.travel(now - timedelta(days=days)):
            assert opens(Client(), address)
    assert opens(Client(), HOME, omar.username)
    storm()
    assert not opens(Client(), HOME)
    assert opens(Client(), CAFE)


def test_from_a_known_address_one_guesses_no_faster(ada: User) -> None:
    assert opens(Client(), HOME)
    for _ in range(5):
        assert WRONG in attempt(Client()).content.decode()
    assert not opens(Client(), HOME)


def test_a_known_browser_opens_a_locked_account_from_anywhere_and_one_that_claims_it_does_not(storm: Storm) -> None:
    laptop = Client()
    assert opens(laptop, HOME)
    marks = set(laptop.cookies) - {"deskline_session", "deskline_csrf"}
    storm()
    assert opens(laptop, CAFE)
    assert marks
    for forged in ("", "x", "eyJhIjoxfQ:1abc:def", "a" * 4000, "\u00e9"):
        forger = Client()
        for mark in marks:
            assert laptop.cookies[mark]["httponly"]
            forger.cookies[mark] = forged
        assert not opens(forger, "192.0.2.201")


@pytest.mark.parametrize("password", ["", "\x00", "wrong"])
def test_nobody_becomes_known_without_the_password(storm: Storm, password: str) -> None:
    """A form without a password is refused before anybody looks: that is no success."""
    forger = Client()
    attempt(forger, password, CAFE)
    assert set(forger.cookies) <= {"deskline_csrf"}
    storm()
    assert not opens(forger, CAFE)


def test_one_address_fills_no_table(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "PER_ADDRESS", 5)
    for number in range(10):
        attempt(Client(), username=f"user{number}@acme.example")
    assert len(copied("users_attempts")) / 3 <= 5 + 5 + 1


def test_a_neighbour_behind_the_same_address_locks_no_known_browser_out(ada: User) -> None:
    laptop = Client()
    assert opens(laptop, HOME)
    for _ in range(5):
        attempt(Client())
    assert not opens(Client(), HOME)
    assert opens(laptop, HOME)


def test_a_known_browser_guesses_no_faster(ada: User, omar: User) -> None:
    laptop = Client()
    assert opens(laptop, HOME)
    for number in range(5):
        assert WRONG in attempt(laptop, address=f"192.0.2.{number}").content.decode()
    assert not opens(laptop, CAFE)
    for _ in range(5):
        attempt(laptop, address=CAFE, username=omar.username)
    assert not opens(laptop, CAFE, omar.username)


def test_a_network_of_ipv6_is_one_address(ada: User) -> None:
    for number in range(5):
        attempt(Client(), address=f"2001:db8:1:2::{number:x}")
    assert not opens(Client(), "2001:db8:1:2:ffff::1")
    assert opens(Client(), "2001:db8:1:3::1")


def test_an_address_written_in_the_longer_way_is_the_same(ada: User) -> None:
    for _ in range(5):
        attempt(Client(), address=f"::ffff:{HOME}")
    assert not opens(Client(), HOME)


def test_behind_proxies_the_address_is_what_they_say_and_not_what_the_client_says(
    ada: User, storm: Storm, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    form = {"username": ada.username, "password": "correct horse", "next": "/maker/"}

    def comes(forwarded_for: str) -> bool:
        headers = {"X-Forwarded-For": forwarded_for}
        return Client().post("/maker/login/", form, REMOTE_ADDR="10.0.0.1", headers=headers).status_code == 302

    assert comes(HOME)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    storm()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert not comes(f"{HOME}, {CAFE}")
    assert comes(HOME)


def test_without_redis_guesses_are_counted_all_the_same(ada: User, without_redis: None) -> None:
    for _ in range(5):
        assert WRONG in attempt(Client()).content.decode()
    assert not opens(Client())


def test_nobody_who_writes_into_redis_locks_anybody_out_or_guesses_faster(ada: User) -> None:
    attempt(Client())
    server = cache._cache.get_client()  # type: ignore[attr-defined]
    for key in server.scan_iter("*"):
        server.set(key, b"99999999999999999999 junk")
    assert opens(Client())
    for _ in range(4):
        attempt(Client())
    server.flushall()
    assert not opens(Client())


def test_what_is_counted_names_nobody_and_is_forgotten(ada: User) -> None:
    opens(Client(), HOME)
    attempt(Client(), address=CAFE, username="somebody@acme.example")
    tables = ("users_attempts", "users_knownplace")
    kept = copied(*tables)
    assert kept
    assert not [text for text in kept if HOME in text or CAFE in text or "acme" in text]
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        clear_sessions()
    assert copied(*tables) == []
