"""What opens the API, and what does not."""

from __future__ import annotations

import json

import pytest

from interactions.models import ApiKey
from tests.interactions.source import CALL, URL, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def pbx(client):
    return Source(client)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc", "Bearer dk_00000000_wrong"])
def test_without_a_good_key_nothing_opens(client, header):
    for method, url in (("post", URL), ("get", f"{URL}/1"), ("patch", f"{URL}/1")):
        answer = getattr(client, method)(url, headers={"Authorization": header}, content_type="application/json")
        assert answer.status_code == 401


def test_a_key_that_is_switched_off_opens_nothing(pbx):
    ApiKey.objects.update(is_active=False)
    assert pbx.post(CALL).status_code == 401


def test_a_session_of_the_maker_opens_nothing(client, ada):
    client.force_login(ada)
    assert client.post(URL, json.dumps(CALL), content_type="application/json").status_code == 401


def test_the_beginning_of_a_key_is_no_key(pbx):
    pbx.text = pbx.text[:-1]
    assert pbx.post(CALL).status_code == 401


def test_many_wrong_keys_slow_their_address_down_but_no_good_key(client, pbx):
    wrong = {"Authorization": "Bearer dk_00000000_wrong"}
    codes = [client.get(f"{URL}/1", headers=wrong).status_code for _ in range(25)]
    assert codes[0] == 401
    assert codes[-1] == 429
    assert pbx.post(CALL).status_code == 201


def test_wrong_keys_from_one_network_of_ipv6_are_slowed_down_together(client):
    wrong = {"Authorization": "Bearer dk_00000000_wrong"}

    def ask(address):
        return client.get(f"{URL}/1", headers=wrong, REMOTE_ADDR=address).status_code

    codes = [ask(f"2001:db8:1:2::{number:x}") for number in range(25)]
    assert codes[-1] == 429
    assert ask("2001:db8:1:3::1") == 401


def test_a_key_keeps_only_its_digest_and_notes_its_use(pbx):
    kept = ApiKey.objects.values().get()
    assert pbx.text not in str(kept)
    assert pbx.text.startswith(kept["prefix"])
    pbx.post(CALL)
    assert ApiKey.objects.get().last_used_at is not None


def test_the_key_does_not_get_into_the_log(pbx, caplog):
    pbx.post(CALL)
    pbx.text += "x"
    pbx.post(CALL)
    assert pbx.text[:-1] not in caplog.text
