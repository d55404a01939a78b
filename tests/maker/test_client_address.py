"""From where somebody comes, whatever the proxies in front say, or fail to say."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client

from interactions.api import keys
from sso.models import SignInRefusal
from users.models import User

pytestmark = pytest.mark.django_db

PEER = "127.0.0.1"
TOLD = [
    (2, "198.51.100.7, 10.0.0.1", "198.51.100.7"),
    (2, "6.6.6.6, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
    (2, "198.51.100.7", "198.51.100.7"),
    (3, "198.51.100.7, 10.0.0.1", "198.51.100.7"),
    (2, "", PEER),
    (2, None, PEER),
    (2, " , ", PEER),
    (2, ",,,", PEER),
    (2, "unknown, 10.0.0.1", "10.0.0.1"),
    (2, "unknown, _hidden", PEER),
    (1, "for=198.51.100.7", PEER),
    (1, "198.51.100.7:52011", "198.51.100.7"),
    (1, "2001:db8::7", "2001:db8::7"),
    (1, "[2001:db8::7]:52011", "2001:db8::7"),
    (1, "[2001:db8::7]", "2001:db8::7"),
    (1, '"[2001:db8::7]:52011"', "2001:db8::7"),
    (1, "fe80::1%eth0", "fe80::1"),
    (1, "[fe80::1%25eth0]:80", "fe80::1"),
    (1, "::ffff:198.51.100.7", "198.51.100.7"),
    (1, "198.51.100.7\x00", PEER),
    (1, "١٩٨.51.100.7", PEER),
    (1, "198.51.100.7" * 5000, PEER),
    (1, ", ".join(["6.6.6.6"] * 9000 + ["198.51.100.7"]), "198.51.100.7"),
    (0, "6.6.6.6", PEER),
]


def telling(settings: Any, proxies: int, header: str | None) -> Client:
    """A browser behind so many trusted proxies, which send this header."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    return Client(headers={} if header is None else {"X-Forwarded-For": header})


def test_the_history_tells_from_where_a_change_came(ada: User, settings: Any) -> None:
    for number, (proxies, header, meant) in enumerate(TOLD):
        browser = telling(settings, proxies, header)
        browser.force_login(ada)
        form = {"name": f"Sales {number}", "accesses-TOTAL_FORMS": "0", "accesses-INITIAL_FORMS": "0"}
        assert browser.post("/maker/users/profile/add/", form).status_code == 302
        assert LogEntry.objects.latest("id").remote_addr == meant, (proxies, header)


def test_a_refused_sign_in_tells_from_where_it_came(settings: Any) -> None:
    for proxies, header, meant in TOLD:
        SignInRefusal.objects.all().delete()
        assert telling(settings, proxies, header).get("/api/sso/login/guess").status_code == 403
        assert SignInRefusal.objects.get().address == meant, (proxies, header)


@pytest.mark.parametrize(
    ("proxies", "header", "meant"),
    [
        (2, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, ::ffff:198.51.100.7", "198.51.100.7"),
        (1, "[2001:DB8:0::7]:52011", "2001:db8::7"),
        (2, "unknown, _hidden", PEER),
    ],
)
def test_wrong_keys_and_wrong_passwords_are_counted_by_the_address_that_is_meant(
    ada: User, settings: Any, proxies: int, header: str, meant: str
) -> None:
    here, there = telling(settings, proxies, header), Client(REMOTE_ADDR=meant)
    wrong = {"Authorization": "Bearer dk_wrong"}
    for _try in range(keys.MOST_FAILURES):
        assert here.get("/api/v1/interactions/1", headers=wrong).status_code == 401
    assert there.get("/api/v1/interactions/1", headers=wrong).status_code == 429
    data = {"username": ada.username, "password": "wrong", "next": "/maker/"}
    for _try in range(5):
        assert here.post("/maker/login/", data).status_code == 200
    assert "Too many attempts" in there.post("/maker/login/", data).content.decode()


@pytest.mark.parametrize("peer", ["", "unix:", "not an address"])
def test_who_comes_without_an_address_is_served(ada: User, settings: Any, peer: str) -> None:
    """As behind a proxy on a Unix socket that tells none."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    browser = Client(REMOTE_ADDR=peer)
    assert browser.get("/api/v1/interactions/1", headers={"Authorization": "Bearer dk_wrong"}).status_code == 401
    assert browser.get("/api/sso/login/guess").status_code == 403
    data = {"username": ada.username, "password": "correct horse", "next": "/maker/"}
    assert browser.post("/maker/login/", data).status_code == 302


def test_fewer_addresses_than_trusted_proxies_are_told_in_the_log_once(settings: Any, caplog: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 7
    for _try in range(3):
        Client(headers={"X-Forwarded-For": "198.51.100.7"}).get("/api/sso/login/guess")
    assert caplog.text.count("TRUSTED_PROXIES is 7") == 1
