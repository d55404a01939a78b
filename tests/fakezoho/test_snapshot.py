from __future__ import annotations

import json
import stat
import time

import pytest
import requests

from fakezoho.serve import StandIn
from fakezoho.snapshot import DamagedState
from tests.fakezoho.conftest import CALLBACK, Desk, authorize_query, exchange, granted, parameters, refresh


@pytest.fixture
def state(tmp_path):
    return tmp_path / "var" / "zoho.json"


def test_clients_grants_tokens_and_records_survive_a_restart(state):
    with StandIn(state=state) as zoho:
        client = zoho.register(CALLBACK)
        answer = granted(zoho, client)
        desk = Desk(f"{zoho.url}/eu/desk/api/v1", answer["access_token"], "20098765431")
        made = desk.post("/contacts", json={"lastName": "Curie"}).json()
        desk.close()
    with StandIn(state=state) as zoho:
        assert zoho.world.clients[client.id] == client
        desk = Desk(f"{zoho.url}/eu/desk/api/v1", answer["access_token"], "20098765431")
        again = desk.get(f"/contacts/{made['id']}").json()
        assert again["lastName"] == "Curie"
        assert again["webUrl"].startswith(zoho.url)
        assert desk.get("/contacts/search?lastName=Curie").json()["count"] == 1
        assert desk.post("/contacts", json={"lastName": "Next"}).json()["id"] > made["id"]
        assert "access_token" in refresh(zoho, client, answer["refresh_token"]).json()
        desk.close()


def test_a_code_survives_a_restart_too(state):
    with StandIn(state=state) as zoho:
        client = zoho.register(CALLBACK)
        port = zoho.port
        code = parameters(zoho.approve(authorize_query(client), "ada@acme.example"))["code"]
    with StandIn(port=port, state=state) as zoho:
        assert "access_token" in exchange(zoho, client, code).json()


def test_what_expired_by_a_jump_of_the_clock_does_not_live_again_after_a_restart(state):
    with StandIn(state=state) as zoho:
        client = zoho.register(CALLBACK)
        answer = granted(zoho, client)
        code = parameters(zoho.approve(authorize_query(client), "ada@acme.example"))["code"]
        zoho.advance(3_601)
    with StandIn(state=state) as zoho:
        assert zoho.world.clock.ahead == 3_601
        assert exchange(zoho, client, code).json() == {"error": "invalid_code"}
        desk = Desk(f"{zoho.url}/eu/desk/api/v1", answer["access_token"], "20098765431")
        assert desk.get("/contacts").status_code == 401
        desk.close()


def test_what_cannot_be_saved_is_said_and_saved_later(state, caplog):
    with StandIn(state=state) as zoho:
        state.parent.write_text("a file where the directory should be")
        client = zoho.register(CALLBACK)
        until(lambda: "cannot save" in caplog.text)
        state.parent.unlink()
        until(state.exists)
        assert json.loads(state.read_text())["clients"][0]["id"] == client.id


def until(happens):
    deadline = time.monotonic() + 10
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_change_is_on_disk_within_a_second_readable_by_its_owner_only(state):
    with StandIn(state=state) as zoho:
        client = zoho.register(CALLBACK)
        deadline = time.monotonic() + 2
        while not state.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert json.loads(state.read_text())["clients"][0]["id"] == client.id
        assert stat.S_IMODE(state.stat().st_mode) == 0o600


def test_the_state_file_holds_no_token_that_could_be_used(state):
    with StandIn(state=state) as zoho:
        answer = granted(zoho, zoho.register(CALLBACK))
    text = state.read_text()
    assert answer["access_token"] not in text
    assert answer["refresh_token"] not in text


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        '{"version": 99}',
        '{"version": 1, "clients": [{}], "centres": {}}',
        '{"version": 1, "clients": [], "centres": {}, "ahead": NaN}',
    ],
)
def test_a_damaged_file_is_left_alone_and_named(state, damage):
    state.parent.mkdir()
    state.write_text(damage)
    with pytest.raises(DamagedState, match=r"zoho\.json.*Move the file away"):
        StandIn(state=state)
    assert state.read_text() == damage


def test_a_crash_while_writing_leaves_the_old_file(state):
    with StandIn(state=state) as zoho:
        zoho.register(CALLBACK)
    state.with_name("zoho.json.new").write_text("half a fi")
    with StandIn(state=state) as zoho:
        assert len(zoho.world.clients) == 1
        assert requests.get(zoho.url, timeout=5).status_code == 200
