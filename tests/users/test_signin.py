"""The page at which administrators sign in with a password."""

from __future__ import annotations

import pytest

from tests.users.test_guessing import TOO_MANY, WRONG, attempt

pytestmark = pytest.mark.django_db


def test_the_right_password_opens_the_maker(client, ada):
    assert attempt(client, password="correct horse").headers["Location"] == "/maker/"


def test_whoever_signs_in_at_the_makers_own_door_comes_into_the_maker(client, ada):
    door = client.get("/maker/login/").headers["Location"]
    page = client.get(door).content.decode()
    assert f'action="{door}"' in page
    answer = client.post(door, {"username": ada.username, "password": "correct horse"})
    assert answer.headers["Location"] == "/maker/"


def test_the_page_says_for_whom_it_is(client):
    page = client.get("/maker/login/", follow=True).content.decode()
    assert "The Maker is for administrators" in page
    assert "SSO login URL" in page


def test_a_browser_of_another_language_gets_a_page_that_is_whole_in_ours(client):
    page = client.get("/maker/login/", follow=True, headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="en"' in page
    assert "Mot de passe" not in page


@pytest.mark.parametrize("username", ["ada@acme.example", "nobody@acme.example", "sid@acme.example"])
def test_every_failure_says_the_same(client, ada, sid, username):
    assert WRONG in attempt(client, username=username).content.decode()


@pytest.mark.parametrize("username", ["a" * 100_000, "ada@acme.example" + "a" * 300, "\ufdfa" * 60_000])
def test_an_e_mail_of_any_length_fails_like_every_other(client, ada, username):
    """SQLite compares texts of up to 50,000 characters and fails with more."""
    assert WRONG in attempt(client, username).content.decode()


def test_a_user_without_role_is_told_nothing_more(client, sid):
    assert WRONG in attempt(client, "correct horse", username="sid@acme.example").content.decode()


def test_after_five_failures_even_the_right_password_waits(client, ada):
    for _ in range(5):
        assert WRONG in attempt(client).content.decode()
    assert TOO_MANY in attempt(client, password="correct horse").content.decode()
    assert TOO_MANY in attempt(client, "correct horse", username="ADA@acme.example ").content.decode()


def test_the_owner_can_still_come_from_elsewhere(client, ada):
    for _ in range(5):
        attempt(client)
    assert attempt(client, password="correct horse", address="203.0.113.9").status_code == 302


def test_one_address_cannot_try_every_account(client, ada):
    for number in range(50):
        attempt(client, username=f"user{number}@acme.example")
    assert TOO_MANY in attempt(client, password="correct horse").content.decode()


def test_many_addresses_cannot_try_one_account_for_ever(client, ada):
    for number in range(50):
        attempt(client, address=f"198.51.100.{number}")
    assert TOO_MANY in attempt(client, password="correct horse", address="203.0.113.9").content.decode()


def test_a_forged_forwarding_header_is_no_new_address(client, ada):
    for number in range(5):
        client.post(
            "/maker/login/",
            {"username": "ada@acme.example", "password": "wrong"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
    page = client.post("/maker/login/", {"username": "ada@acme.example", "password": "correct horse"})
    assert TOO_MANY in page.content.decode()


def test_the_way_back_leads_nowhere_else(client, ada):
    data = {"username": "ada@acme.example", "password": "correct horse", "next": "https://evil.example/"}
    assert "evil" not in client.post("/maker/login/", data).headers["Location"]


def test_without_redis_administrators_still_get_in(client, ada, without_redis):
    assert attempt(client, password="correct horse").status_code == 302
    assert WRONG in attempt(client).content.decode()


@pytest.mark.parametrize(
    "spelling", ["OMAR.IKS@x.example", "omar.\u0131ks@x.example", "omar.ik\u017f@x.example", "omar.i\u212as@x.example"]
)
def test_no_spelling_of_a_name_starts_a_new_count(client, spelling):
    """PostgreSQL may find the same account under a dotless i, a long s or a Kelvin sign."""
    for _ in range(5):
        assert WRONG in attempt(client, username="omar.iks@x.example").content.decode()
    assert TOO_MANY in attempt(client, username=spelling).content.decode()
