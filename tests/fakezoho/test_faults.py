from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.fakezoho.conftest import granted, refresh, refusal, until_asked

CALLS = "/api/v1/calls"


def calls_in(zoho):
    return len(zoho.records("eu", "acme", "calls"))


def test_a_lost_answer_leaves_the_record_behind(zoho, desk, new_call):
    zoho.fault("lost_answer", "POST", CALLS)
    with pytest.raises(requests.ConnectionError):
        desk.post("/calls", json=new_call)
    assert calls_in(zoho) == 1
    assert zoho.journal()[-1]["fault"] == "lost_answer"
    assert desk.post("/calls", json=new_call).status_code == 200


def test_a_connection_dropped_before_leaves_nothing(zoho, desk, new_call):
    zoho.fault("drop_before", "POST", CALLS)
    with pytest.raises(requests.ConnectionError):
        desk.post("/calls", json=new_call)
    assert calls_in(zoho) == 0


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("invalid_oauth", 401, "INVALID_OAUTH"),
        ("429_concurrency", 429, "TOO_MANY_REQUESTS"),
        ("429_credits", 429, "THRESHOLD_EXCEEDED"),
        ("500", 500, "INTERNAL_SERVER_ERROR"),
        ("forbidden", 403, "FORBIDDEN"),
    ],
)
def test_a_refusal_that_is_ordered_does_no_work(zoho, desk, new_call, fault, status, code):
    zoho.fault(fault, "POST", CALLS)
    answer = desk.post("/calls", json=new_call)
    assert refusal(answer) == (status, code)
    assert ("Retry-After" in answer.headers) == (fault == "429_credits")
    assert calls_in(zoho) == 0


@pytest.mark.parametrize(("fault", "status"), [("html_401", 401), ("502_html", 502)])
def test_errors_may_be_pages(zoho, desk, fault, status):
    zoho.fault(fault)
    answer = desk.get("/calls")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<html" in answer.text


@pytest.mark.parametrize(("fault", "status"), [("500_after", 500), ("502_after", 502), ("empty_200", 200)])
def test_an_answer_may_be_spoilt_after_the_work(zoho, desk, new_call, fault, status):
    zoho.fault(fault, "POST", CALLS)
    assert desk.post("/calls", json=new_call).status_code == status
    assert calls_in(zoho) == 1


def test_json_may_stop_half_way(zoho, desk, new_call):
    zoho.fault("truncated_json", "POST", CALLS)
    with pytest.raises(requests.RequestException):
        desk.post("/calls", json=new_call).json()
    assert calls_in(zoho) == 1


def test_an_error_may_come_with_200(zoho, desk):
    zoho.fault("200_with_error", "GET", "/api/v1/contacts")
    answer = desk.get("/contacts")
    assert (answer.status_code, answer.json()["errorCode"]) == (200, "INTERNAL_SERVER_ERROR")


@pytest.mark.parametrize(("fault", "written"), [("slow", 0), ("slow_answer", 1)])
def test_an_answer_may_be_slow_before_or_after_the_work(zoho, desk, new_call, fault, written):
    zoho.fault(fault, "POST", CALLS, seconds=4.0)
    with pytest.raises(requests.Timeout):
        desk.post("/calls", json=new_call, timeout=1.0)
    assert calls_in(zoho) == written


def test_a_fault_is_used_up_by_its_count(zoho, desk):
    zoho.fault("500", "GET", "/api/v1/contacts", count=2)
    assert [desk.get("/contacts").status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_meets_only_what_it_names(zoho, desk, contact):
    zoho.fault("500", "GET", "/api/v1/contacts/*")
    assert desk.get("/contacts").status_code == 200
    assert desk.get("/departments").status_code == 200
    assert desk.get(f"/contacts/{contact}").status_code == 500


def test_a_share_of_the_requests_may_fail(zoho, desk):
    zoho.fault("500", share=0.5)
    statuses = [desk.get("/departments").status_code for _ in range(60)]
    assert {200, 500} == set(statuses)


def test_the_token_endpoint_may_be_throttled_or_lose_its_answer(zoho, client):
    token = granted(zoho, client)["refresh_token"]
    path = "/oauth/v2/token"
    zoho.fault("throttled", "POST", path)
    assert refresh(zoho, client, token).json()["error"] == "Access Denied"
    zoho.fault("lost_answer", "POST", path)
    with pytest.raises(requests.ConnectionError):
        refresh(zoho, client, token)
    assert "access_token" in refresh(zoho, client, token).json()


def test_faults_are_ordered_and_taken_back_over_http(zoho, desk):
    url = f"{zoho.url}/_standin/faults"
    order = {"match": {"method": "GET", "path": "/api/v1/contacts"}, "fault": "500", "count": 5}
    assert requests.post(url, json=order, timeout=5).json()["ordered"][0]["count"] == 5
    assert desk.get("/contacts").status_code == 500
    requests.delete(url, timeout=5)
    assert desk.get("/contacts").status_code == 200
    assert "There is no fault 'fire'" in requests.post(url, json={"fault": "fire"}, timeout=5).json()["error"]


def test_knobs_may_be_turned_for_the_next_requests_only(zoho, desk, new_call):
    zoho.fault("knobs", "POST", CALLS, count=2, knobs={"search_lag": 60, "html_descriptions": True})
    described = new_call | {"description": "x"}
    first = desk.post("/calls", json=described).json()
    assert first["description"] == "<div>x</div>"
    assert desk.get("/calls/search?subject=call").status_code == 204
    desk.post("/calls", json=described)
    assert desk.post("/calls", json=described).json()["description"] == "x"
    assert desk.get("/calls/search?subject=call").json()["count"] == 1
    assert zoho.world.knobs.search_lag == 0


def test_turned_knobs_leave_a_request_at_the_same_time_alone(zoho, desk, desk_of, contact):
    slow = desk_of()
    zoho.fault("knobs", "GET", "/api/v1/departments", knobs={"latency": 1.5})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.get, "/departments")
        until_asked(zoho, "/departments")
        assert desk.get(f"/contacts/{contact}").status_code == 200
        assert not waiting.done()
        assert waiting.result().elapsed.total_seconds() >= 1.5


@pytest.mark.parametrize(
    ("order", "validation_error"),
    [
        ({}, "There is no fault ''"),
        ({"fault": "knobs"}, "comes with `knobs`"),
        ({"fault": "500", "knobs": {"latency": 1}}, "comes with `knobs`"),
        ({"fault": "knobs", "knobs": {"x": 1}}, "There is no knob 'x'"),
        ({"fault": "500", "matches": {"method": "GET"}}, "`matches`"),
        ({"fault": "500", "match": {"verb": "GET"}}, "`verb`"),
        ({"fault": "500", "match": "GET"}, "`match`"),
        ({"fault": "500", "count": 0}, "`count`"),
        ({"fault": "500", "count": -2}, "`count`"),
        ({"fault": "500", "count": "many"}, "`count`"),
        ({"fault": "500", "share": 0}, "`share`"),
        ({"fault": "500", "share": 1.5}, "`share`"),
        ({"fault": "slow", "seconds": -1}, "`seconds`"),
        ({"fault": "slow", "seconds": "NaN"}, "`seconds`"),
        ({"fault": "answer"}, "`status`"),
        ({"fault": "answer", "status": 99}, "`status`"),
        ({"fault": "answer", "status": 200, "headers": ["x"]}, "`headers`"),
        ({"fault": "answer", "status": 200, "headers": {"a": "b\r\nc: d"}}, "`headers`"),
        ({"fault": "500", "status": 200}, "`status`"),
    ],
)
def test_a_wrong_order_is_refused_and_orders_nothing(zoho, order, validation_error):
    answer = requests.post(f"{zoho.url}/_standin/faults", json=order, timeout=5)
    assert answer.status_code == 422
    assert validation_error in answer.json()["error"]
    assert zoho.world.faults.ordered == []


@pytest.mark.parametrize(
    ("more", "kind", "text"),
    [
        ({"body": {"error": "invalid_grant"}}, "application/json", '{"error":"invalid_grant"}'),
        ({"body": "<h1>Busy</h1>"}, "text/html", "<h1>Busy</h1>"),
        ({"body": "ok", "headers": {"Content-Type": "text/plain", "Retry-After": "7"}}, "text/plain", "ok"),
        ({}, "", ""),
    ],
)
def test_any_answer_may_be_given_instead_of_the_work(zoho, client, more, kind, text):
    token = granted(zoho, client)["refresh_token"]
    zoho.fault("answer", "POST", "/oauth/v2/token", status=503, **more)
    answer = refresh(zoho, client, token)
    assert (answer.status_code, answer.text) == (503, text)
    assert answer.headers.get("Content-Type", "").startswith(kind)
    assert answer.headers.get("Retry-After") == more.get("headers", {}).get("Retry-After")
    assert "access_token" in refresh(zoho, client, token).json()


def test_an_answer_that_is_spoilt_has_one_content_type(zoho, desk):
    zoho.fault("200_with_error", "GET", "/api/v1/contacts")
    assert desk.get("/contacts").headers["Content-Type"] == "application/json;charset=UTF-8"


def test_a_client_that_hangs_up_meanwhile_is_a_line_in_the_journal_and_no_error(zoho, caplog):
    zoho.fault("slow", path="/oauth/v2/token", seconds=1.5)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{zoho.url}/eu/accounts/oauth/v2/token", data={"grant_type": "refresh_token"}, timeout=0.5)
    deadline = time.monotonic() + 20
    while not zoho.journal()[-1]["seconds"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert zoho.journal()[-1]["note"] == "the client hung up"
    assert caplog.records == []


def test_a_write_is_made_although_its_client_gave_up_waiting(zoho, desk, new_call):
    zoho.fault("slow", "POST", CALLS, seconds=2.0)
    with pytest.raises(requests.Timeout):
        desk.post("/calls", json=new_call, timeout=0.5)
    assert calls_in(zoho) == 0
    deadline = time.monotonic() + 20
    while not calls_in(zoho) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert calls_in(zoho) == 1


@pytest.mark.parametrize("fault", ["slow", "slow_answer"])
def test_a_slow_request_keeps_its_place_among_those_at_once(zoho, desk, desk_of, contact, fault):
    slow = desk_of()
    zoho.set_knobs(concurrency=1)
    zoho.fault(fault, "GET", "/api/v1/departments", seconds=1.5)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.get, "/departments")
        until_asked(zoho, "/departments")
        assert refusal(desk.get(f"/contacts/{contact}")) == (429, "TOO_MANY_REQUESTS")
        assert waiting.result().status_code == 200
    assert desk.get(f"/contacts/{contact}").status_code == 200
