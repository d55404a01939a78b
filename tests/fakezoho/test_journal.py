from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests

from fakezoho.journal import KEPT, Journal, fingerprint
from tests.fakezoho.conftest import granted, refresh, until_asked


def test_entries_are_told_in_order_after_a_number_and_the_newest_of_them():
    journal = Journal()
    for number in range(5):
        journal.begin(float(number), "GET", "/", "")
    assert [entry["number"] for entry in journal.since(2)] == [3, 4, 5]
    assert [entry["number"] for entry in journal.since(0, 2)] == [4, 5]
    assert journal.since(5) == []


def test_the_journal_is_bounded_and_counts_on():
    journal = Journal()
    for _ in range(KEPT + 10):
        journal.begin(0.0, "GET", "/", "")
    assert len(journal.entries) == KEPT
    assert journal.count == KEPT + 10
    journal.clear()
    assert journal.begin(0.0, "GET", "/", "").number == KEPT + 11


def fingerprint_of(desk):
    return fingerprint(desk.headers["Authorization"].partition(" ")[2])


@pytest.mark.parametrize("fault", ["drop_before", "html_401", "429_concurrency", "503", "lost_answer", "slow"])
def test_a_request_that_met_a_fault_is_journaled_as_it_was_sent(zoho, desk, new_call, fault):
    zoho.fault(fault, "POST", "/api/v1/calls", seconds=0)
    with suppress(requests.ConnectionError):
        desk.post("/calls", json=new_call)
    entry = zoho.journal()[-1]
    assert (entry["fault"], entry["operation"], entry["portal"]) == (fault, "createCall", "acme")
    assert (entry["token"], entry["at_once"], entry["body"]) == (fingerprint_of(desk), 1, new_call)


def test_a_body_that_is_refused_is_journaled_too(zoho, desk, new_call):
    desk.post("/calls", json=new_call | {"status": "Odd"})
    assert (zoho.journal()[-1]["status"], zoho.journal()[-1]["body"]["status"]) == (422, "Odd")
    desk.post("/calls", data=b"{half", headers={"Content-Type": "application/json"})
    assert (zoho.journal()[-1]["status"], zoho.journal()[-1]["body"]) == (400, "{half")


def test_an_unknown_token_and_portal_are_journaled_as_they_were_sent(zoho, desk):
    desk.headers.update({"Authorization": "Zoho-oauthtoken nobodys", "orgId": "4711"})
    desk.get("/calls")
    entry = zoho.journal()[-1]
    assert (entry["token"], entry["portal"], entry["at_once"]) == (fingerprint("nobodys"), "4711", 1)


@pytest.mark.parametrize("fault", ["drop_before", "throttled", "lost_answer", "slow"])
def test_a_token_request_that_met_a_fault_shows_no_secret(zoho, client, fault):
    token = granted(zoho, client)["refresh_token"]
    zoho.fault(fault, "POST", "/oauth/v2/token", seconds=0)
    with suppress(requests.ConnectionError):
        refresh(zoho, client, token)
    entry = zoho.journal()[-1]
    assert (entry["operation"], entry["token"], entry["at_once"]) == ("refresh_token", fingerprint(token), 1)
    assert entry["body"]["client_id"] == client.id
    assert token not in str(entry)
    assert client.secret not in str(entry)


def test_how_many_are_at_once_is_told_of_tokens_and_of_refused_requests_too(zoho, client, desk, contact):
    token = granted(zoho, client)["refresh_token"]
    zoho.fault("slow", "POST", "/oauth/v2/token", count=3, seconds=0.3)
    zoho.set_knobs(concurrency=2, latency=0.3)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(refresh, zoho, client, token) for _ in range(3)]
        asked += [pool.submit(requests.get, f"{desk.base}/contacts/{contact}", headers=desk.headers) for _ in range(3)]
        statuses = [future.result().status_code for future in asked]
    assert sorted(statuses[3:]) == [200, 200, 429]
    entries = [entry for entry in zoho.journal() if entry["operation"] in {"refresh_token", "getContact"}]
    for operation in ("refresh_token", "getContact"):
        assert sorted(e["at_once"] for e in entries if e["operation"] == operation) == [1, 2, 3]
    assert {e["status"] for e in entries if e["operation"] == "getContact" and e["at_once"] == 3} == {429}


@pytest.fixture
def meanwhile(zoho, desk, contact):
    """How many the journal counts at once for a read after the first, and for one more when the first has ended."""

    def counted(then):
        def read():
            return requests.get(f"{desk.base}/contacts/{contact}", headers=desk.headers, timeout=5)

        zoho.set_knobs(latency=0.8)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(read)
            until_asked(zoho, contact)
            then()
            read()
            first.result()
        read()
        return [entry["at_once"] for entry in zoho.journal()[-2:]]

    return counted


def test_a_request_from_before_a_reset_is_counted_no_more(zoho, meanwhile):
    assert meanwhile(zoho.reset) == [1, 1]


def test_a_request_that_is_under_way_while_the_journal_is_cleared_is_counted(zoho, meanwhile):
    assert meanwhile(lambda: requests.delete(f"{zoho.url}/_standin/journal", timeout=5)) == [2, 1]
