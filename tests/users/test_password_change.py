"""Changing the own password: noted, counted like a sign-in, and the end of all other sessions."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.users.test_guessing import opens
from tests.users.test_sessions import signed_in
from users.models import User

pytestmark = pytest.mark.django_db
PAGE, NEW = "/maker/password_change/", "a long enough phrase"


def change(browser: Client, old: str = "correct horse", new: str = NEW) -> Any:
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    return browser.post(PAGE, form, REMOTE_ADDR="198.51.100.7")


def history(reader: User, user: User) -> str:
    return signed_in(User.objects.get(pk=reader.pk)).get(f"/maker/users/user/{user.pk}/history/").content.decode()


def test_the_history_says_who_changed_a_password_and_never_which(ada: User, omar: User) -> None:
    assert change(signed_in(omar)).status_code == 302
    page = history(ada, omar)
    omar.refresh_from_db()
    assert "set anew" in page
    assert page.count("Omar") > 1
    for secret in ("correct horse", NEW, omar.password):
        assert secret not in page


def test_a_password_that_the_operator_sets_is_in_the_history(
    ada: User, omar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", omar.username)
    assert "set anew" in history(ada, omar)


def test_a_hash_that_a_sign_in_renews_is_no_change_of_the_password(ada: User, omar: User, settings: Any) -> None:
    before = omar.password
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    assert opens(Client(), username=omar.username)
    omar.refresh_from_db()
    assert omar.password != before
    assert "set anew" not in history(ada, omar)


def test_a_changed_password_ends_the_other_sessions_alone(omar: User) -> None:
    here, there = signed_in(omar), signed_in(omar)
    change(here)
    assert here.get("/maker/").status_code == 200
    assert there.get("/maker/").status_code == 302


def test_whoever_has_a_session_does_not_guess_its_password(omar: User) -> None:
    browser = signed_in(omar)
    for number in range(5):
        assert "entered incorrectly" in change(browser, f"wrong {number}").content.decode()
    assert "Too many attempts" in change(browser).content.decode()
    omar.refresh_from_db()
    assert omar.check_password("correct horse")


def test_guesses_at_both_doors_are_counted_together(omar: User) -> None:
    browser = signed_in(omar)
    for number in range(5):
        change(browser, f"wrong {number}")
    assert not opens(Client(), username=omar.username)


def test_a_new_password_that_is_refused_uses_up_no_attempts(omar: User) -> None:
    browser = signed_in(omar)
    for _ in range(8):
        assert "too short" in change(browser, new="short").content.decode()
    assert change(browser).status_code == 302


@pytest.mark.parametrize("person", ["sid", "stranger"])
def test_who_may_not_enter_the_maker_changes_nothing_there(sid: User, person: str) -> None:
    browser = signed_in(sid) if person == "sid" else Client()
    assert "/login/" in change(browser).headers["Location"]
    assert User.objects.get(pk=sid.pk).check_password("correct horse")
