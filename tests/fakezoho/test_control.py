"""What only tests and people may do, and who may not."""

from __future__ import annotations

import json

import pytest
import requests

from fakezoho import knobs
from tests.fakezoho.conftest import granted, post_call, refresh, refusal

JSON = {"Content-Type": "application/json"}


def test_knobs_are_read_and_set_over_http(zoho):
    url = f"{zoho.url}/_standin/knobs"
    assert requests.get(url, timeout=5).json()["search_lag"] == 0
    assert requests.put(url, json={"search_lag": 2, "multi_dc": False}, timeout=5).json()["search_lag"] == 2
    assert (zoho.world.knobs.search_lag, zoho.world.knobs.multi_dc) == (2.0, False)


@pytest.mark.parametrize(
    ("values", "validation_error"),
    [
        ({"nonsense": 1}, "There is no knob 'nonsense'"),
        ({"latency": 1, "edition": "GOLD"}, "Knob edition takes one of"),
        ({"latency": "soon"}, "Knob latency takes a value like 0.0"),
        ({"search_lag": float("inf")}, "Knob search_lag takes 0 or more"),
        ({"search_lag": "nan"}, "Knob search_lag takes 0 or more"),
        ({"refresh_tokens": -3}, "Knob refresh_tokens takes 0 or more"),
        ({"token_life": 0.5}, "Knob token_life takes a value like 3600"),
        ({"credits": -2}, "Knob credits takes -1 or more"),
        ({"multi_dc": "perhaps"}, "Knob multi_dc takes a value like True"),
    ],
)
def test_a_wrong_knob_changes_nothing_and_is_named(zoho, values, validation_error):
    answer = requests.put(f"{zoho.url}/_standin/knobs", data=json.dumps(values), headers=JSON, timeout=5)
    assert answer.status_code == 422
    assert validation_error in answer.json()["error"]
    assert zoho.world.knobs == knobs.Knobs()


def test_every_knob_says_what_it_stands_for():
    assert all(len(knob["doc"]) > 10 for knob in knobs.described(knobs.Knobs()))


def test_the_journal_tells_what_was_sent(zoho, desk, new_call):
    before = zoho.world.journal.count
    desk.post("/calls", json=new_call)
    desk.get("/calls?limit=5")
    told = requests.get(f"{zoho.url}/_standin/journal?since={before}", timeout=5).json()
    first, second = told["entries"]
    assert (first["method"], first["path"], first["operation"]) == ("POST", "/api/v1/calls", "createCall")
    assert (first["dc"], first["portal"], first["status"], first["at_once"]) == ("eu", "acme", 200, 1)
    assert first["body"] == new_call
    assert first["token"] == second["token"] != ""
    assert second["query"] == "limit=5"
    requests.delete(f"{zoho.url}/_standin/journal", timeout=5)
    assert zoho.journal() == []


def test_records_are_read_for_tests(zoho, desk, new_call):
    call = desk.post("/calls", json=new_call).json()
    url = f"{zoho.url}/_standin/records/eu/acme/calls"
    assert [record["id"] for record in requests.get(url, timeout=5).json()] == [call["id"]]
    assert requests.get(f"{zoho.url}/_standin/records/eu/nobody/calls", timeout=5).status_code == 404


def test_a_reset_goes_back_to_the_seed_and_keeps_clients(zoho, client, desk, new_call):
    desk.post("/calls", json=new_call)
    zoho.set_knobs(latency=1)
    zoho.advance(100)
    zoho.fault("500")
    requests.post(f"{zoho.url}/_standin/reset", timeout=5)
    assert zoho.records("eu", "acme", "calls") == []
    assert (zoho.world.knobs.latency, zoho.world.clock.ahead, zoho.world.faults.ordered) == (0, 0, [])
    assert client.id in zoho.world.clients
    assert refusal(desk.get("/calls")) == (401, "INVALID_OAUTH")


def test_time_moves_forward_on_request(zoho):
    answer = requests.post(f"{zoho.url}/_standin/clock", json={"advance": 50}, timeout=5).json()
    assert answer["ahead"] == 50


@pytest.mark.parametrize("seconds", ["nan", "inf", -1, "soon", None, 1e10])
def test_time_does_not_go_back_or_leave_the_calendar(zoho, seconds):
    assert requests.post(f"{zoho.url}/_standin/clock", json={"advance": seconds}, timeout=5).status_code == 422
    assert zoho.world.clock.ahead == 0


@pytest.mark.parametrize("changes", [{"status": "ASLEEP"}, {"associatedDepartmentIds": ["1"]}])
def test_an_agent_cannot_become_what_no_answer_could_show(zoho, desk, changes):
    order = {"dc": "eu", "portal": "acme", "email": "ada@acme.example", "changes": changes}
    assert requests.post(f"{zoho.url}/_standin/agents", json=order, timeout=5).status_code == 422
    me = desk.get("/myinfo?include=associatedDepartments").json()
    assert (me["status"], len(me["associatedDepartments"])) == ("ACTIVE", 2)


@pytest.mark.parametrize(("kind", "refreshes"), [("access", True), ("refresh", False)])
def test_all_tokens_of_a_kind_may_end_at_once(zoho, client, desk, kind, refreshes):
    token = granted(zoho, client)["refresh_token"]
    requests.post(f"{zoho.url}/_standin/tokens", json={"end": kind}, timeout=5)
    assert refusal(desk.get("/calls")) == (401, "INVALID_OAUTH")
    assert ("access_token" in refresh(zoho, client, token).json()) == refreshes


def test_a_client_is_registered_for_a_test(zoho):
    made = requests.post(
        f"{zoho.url}/_standin/clients", json={"redirect_uris": ["http://x.example/"]}, timeout=5
    ).json()
    assert zoho.world.clients[made["client_id"]].secret == made["client_secret"]
    bad = requests.post(f"{zoho.url}/_standin/clients", json={"redirect_uris": ["x"]}, timeout=5)
    assert (bad.status_code, "not a web address" in bad.json()["error"]) == (422, True)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::2]"])
@pytest.mark.parametrize("path", ["/", "/_standin/journal", "/eu/accounts/developerconsole", "/eu/desk/api/v1/calls"])
def test_a_rebound_host_name_reads_nothing(zoho, client, host, path):
    answer = requests.get(zoho.url + path, headers={"Host": host}, timeout=5)
    assert answer.status_code in {400, 403}
    assert client.secret not in answer.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_another_site_changes_nothing(zoho, client, origin):
    headers = {"Origin": origin}
    urls = [f"{zoho.url}/eu/accounts/developerconsole", f"{zoho.url}/knobs", f"{zoho.url}/_standin/reset"]
    for url in urls:
        answer = requests.post(url, data={"delete": client.id}, headers=headers, timeout=5)
        assert answer.status_code == 403
    assert client.id in zoho.world.clients


def test_the_products_own_pages_may_lead_here(zoho):
    headers = {"Origin": "http://localhost:8000"}
    assert requests.post(f"{zoho.url}/_standin/reset", headers=headers, timeout=5).status_code == 200


def test_control_takes_only_json(zoho):
    answer = requests.post(f"{zoho.url}/_standin/clock", data='{"advance": 5}', timeout=5)
    assert answer.status_code == 422


def test_a_merge_is_seen_by_lists_and_searches_when_its_time_has_come(zoho, desk, new_call, contact):
    zoho.set_knobs(search_lag=60, list_lag=30)
    call, into = post_call(desk, new_call), zoho.records("eu", "acme", "contacts")[1]["id"]
    merged = {"dc": "eu", "portal": "acme", "from": contact, "into": into}
    assert requests.post(f"{zoho.url}/_standin/merge", json=merged, timeout=5).status_code == 200
    assert [desk.get(path).status_code for path in ("/calls", "/calls/search?subject=call")] == [204, 204]
    assert desk.get(f"/calls/{call['id']}").json()["contactId"] == into
    zoho.advance(61)
    for path in ("/calls", "/calls/search?subject=call"):
        assert [item["contactId"] for item in desk.get(path).json()["data"]] == [into]
