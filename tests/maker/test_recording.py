"""What the history notes of who made a change."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client

from users.models import Profile, User

pytestmark = pytest.mark.django_db


def change(user: User, **headers: str) -> LogEntry:
    browser = Client()
    browser.force_login(user)
    form = {"name": f"Profile {Profile.objects.count()}", "accesses-TOTAL_FORMS": "0", "accesses-INITIAL_FORMS": "0"}
    assert browser.post("/maker/users/profile/add/", form, headers=headers).status_code == 302
    return LogEntry.objects.latest("id")


@pytest.mark.parametrize("forged", ["6.6.6.6", "no address", "6.6.6.6, 7.7.7.7", "[::1]:80"])
def test_nobody_lays_a_change_at_another_address(ada: User, forged: str) -> None:
    entry = change(ada, **{"X-Forwarded-For": forged})
    assert (entry.remote_addr, entry.actor) == ("127.0.0.1", ada)


def test_a_trusted_proxy_tells_the_address(ada: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert change(ada, **{"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}).remote_addr == "198.51.100.7"


def test_no_header_of_the_request_gets_into_the_history(ada: User) -> None:
    entry = change(ada, **{"X-Correlation-Id": "x" * 300, "X-Forwarded-Port": "-1"})
    assert (entry.cid, entry.remote_port) == (None, None)


def test_the_history_of_a_new_row_tells_its_own_fields_alone(client: Client, ada: User) -> None:
    """A CRM has tags, which auditlog notes as the object that manages them."""
    client.force_login(ada)
    form = {"name": "Here", "reference": "here", "kind": "local", "on_none": "create", "on_several": "agent"}
    assert client.post("/maker/crm/crm/add/", form).status_code == 302
    entry = LogEntry.objects.latest("id")
    page = client.get(f"/maker/crm/crm/{entry.object_pk}/history/").content.decode()
    assert "Reference" in page
    assert "object at 0x" not in page
