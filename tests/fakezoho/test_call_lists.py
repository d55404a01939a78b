from __future__ import annotations

import json

import pytest

from tests.fakezoho.conftest import post_call as post
from tests.fakezoho.conftest import refusal


def test_a_list_leaves_out_what_only_the_record_has(desk, new_call):
    post(desk, new_call, description="long", cf={"cf_deskline_marker": "abc"})
    item = desk.get("/calls").json()["data"][0]
    assert not {"description", "duration", "cf", "reminder"} & set(item)
    assert {"id", "contactId", "subject", "startTime", "createdTime", "creatorId", "ticketId"} <= set(item)


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("nested", {"cf": {"cf_deskline_marker": "abc"}}),
        ("flat", {"cf_deskline_marker": "abc"}),
        ("both", {"cf": {"cf_deskline_marker": "abc"}, "cf_deskline_marker": "abc"}),
    ],
)
def test_a_list_shows_a_custom_field_that_is_asked_for(zoho, desk, new_call, where, shown):
    zoho.set_knobs(listed_cf=where)
    post(desk, new_call, cf={"cf_deskline_marker": "abc"})
    item = desk.get("/calls?fields=cf_deskline_marker,description").json()["data"][0]
    assert {name: value for name, value in item.items() if name.startswith("cf")} == shown
    assert "description" not in item


def test_the_newest_calls_of_a_department_come_first(zoho, desk, new_call):
    other = zoho.records("eu", "acme", "departments")[1]["id"]
    ids = [post(desk, new_call, subject=f"Call {n}")["id"] for n in range(3)]
    post(desk, new_call, departmentId=other)
    department = new_call["departmentId"]
    listed = desk.get(f"/calls?departmentId={department}&sortBy=-createdTime&limit=2").json()["data"]
    assert [call["id"] for call in listed] == ids[:0:-1]
    zoho.set_knobs(minus_sort=False)
    assert refusal(desk.get("/calls?sortBy=-createdTime")) == (422, "UNPROCESSABLE_ENTITY")


@pytest.mark.parametrize("base", [0, 1])
def test_pages_are_counted_from_the_knobs_base(zoho, desk, new_call, base):
    zoho.set_knobs(list_base=base)
    ids = [post(desk, new_call)["id"] for _ in range(5)]

    def page(query):
        answer = desk.get(f"/calls?limit=2{query}")
        return [call["id"] for call in answer.json()["data"]] if answer.status_code == 200 else []

    assert page("") == ids[:2]
    assert page(f"&from={base + 2}") == ids[2:4]
    assert page(f"&from={base + 4}") == ids[4:]
    assert page(f"&from={base + 5}") == []


def test_an_empty_list_is_204_without_a_body(desk):
    answer = desk.get("/calls")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_search_sees_a_write_only_after_its_lag(zoho, desk, new_call):
    zoho.set_knobs(search_lag=30)
    call = post(desk, new_call, cf={"cf_deskline_marker": "abc"})
    query = "/calls/search?customField1=cf_deskline_marker:abc"
    assert desk.get(query).status_code == 204
    assert desk.get("/calls").status_code == 200
    zoho.advance(31)
    found = desk.get(query).json()
    assert (found["count"], found["data"][0]["id"]) == (1, call["id"])
    assert found["data"][0]["cf"] == {"cf_deskline_marker": "abc"}
    desk.patch(f"/calls/{call['id']}", json={"cf": {"cf_deskline_marker": "new"}})
    assert desk.get(query).status_code == 200
    zoho.advance(31)
    assert desk.get(query).status_code == 204


def test_a_list_may_lag_too(zoho, desk, new_call):
    zoho.set_knobs(list_lag=30)
    call = post(desk, new_call)
    assert desk.get("/calls").status_code == 204
    assert desk.get(f"/calls/{call['id']}").status_code == 200
    zoho.advance(31)
    assert desk.get("/calls").status_code == 200


@pytest.mark.parametrize(("knob", "before", "after"), [("live", 200, 200), ("index", 204, 200), ("refuse", 422, 422)])
def test_filters_read_the_records_or_the_index_or_are_refused(zoho, desk, new_call, knob, before, after):
    zoho.set_knobs(call_filters=knob, search_lag=30)
    post(desk, new_call, cf={"cf_deskline_marker": "abc"})
    post(desk, new_call)
    condition = {"field": "cf_deskline_marker", "con": "is", "data": ["abc"]}
    filters = {"filters": json.dumps({"criteria": {"fieldConditions": [condition]}})}
    assert desk.get("/calls", params=filters).status_code == before
    zoho.advance(31)
    answer = desk.get("/calls", params=filters)
    assert answer.status_code == after
    assert knob == "refuse" or len(answer.json()["data"]) == 1


def test_searches_meet_subjects_ranges_and_people(zoho, desk, new_call):
    first = post(desk, new_call, subject="Invoice 42 [ref-1]")
    zoho.advance(60)
    second = post(desk, new_call, subject="Delivery [ref-2]", startTime="2026-11-24T10:00:00.000Z")

    def found(query):
        answer = desk.get(f"/calls/search?{query}")
        return {call["id"] for call in answer.json()["data"]} if answer.status_code == 200 else set()

    assert found("subject=ref-1") == {first["id"]}
    assert found("subject=Invoice*") == {first["id"]}
    assert found("startDateRange=2026-11-24T00:00:00.000Z,2026-11-25T00:00:00.000Z") == {second["id"]}
    assert found(f"createdTimeRange={first['createdTime']},{first['createdTime']}") == {first["id"]}
    assert found(f"assigneeId={first['ownerId']}") == {first["id"], second["id"]}
    assert found(f"id={second['id']}") == {second["id"]}
    assert found("_all=delivery") == {second["id"]}
    assert desk.get("/calls/search?createdTimeRange=today").status_code == 422


def test_a_search_cannot_begin_beyond_its_bound(zoho, desk):
    answer = desk.get("/calls/search?subject=abc&from=5000")
    assert refusal(answer) == (422, "UNPROCESSABLE_ENTITY")
    assert answer.json()["message"] == "The value passed for field 'from' exceeds the range of '0-4999'."
    assert desk.get("/calls/search?subject=abc&from=4999").status_code == 204
    zoho.set_knobs(search_from_max=999)
    assert desk.get("/calls/search?subject=abc&from=1000").status_code == 422


def test_counts_of_searches_may_be_text(zoho, desk, new_call):
    post(desk, new_call)
    zoho.set_knobs(count_as_text=True)
    assert desk.get("/calls/search?subject=call").json()["count"] == "1"


def test_included_people_come_with_the_list(desk, new_call, contact):
    post(desk, new_call)
    item = desk.get("/calls?include=contacts,assignee").json()["data"][0]
    assert item["contact"]["id"] == contact
    assert item["assignee"]["emailId"] == "ada@acme.example"


def test_lists_may_ask_for_departments_owners_and_completion(zoho, desk, new_call):
    sales = zoho.records("eu", "acme", "departments")[1]["id"]
    grace = zoho.records("eu", "acme", "agents")[1]["id"]
    first = post(desk, new_call, status="Scheduled")["id"]
    second = post(desk, new_call, departmentId=sales, ownerId=grace)["id"]

    def ids(query):
        answer = desk.get(f"/calls?{query}")
        return [call["id"] for call in answer.json()["data"]] if answer.status_code == 200 else []

    assert ids(f"departmentIds={sales},1") == [second]
    assert ids(f"assignee={grace}") == [second]
    assert ids("isCompleted=false") == [first]
    assert ids("isCompleted=true") == [second]


def test_a_list_shows_a_standard_field_that_is_asked_for(desk, new_call):
    post(desk, new_call)
    assert desk.get("/calls?fields=duration").json()["data"][0]["duration"] == "65"


def test_a_call_is_searched_by_its_tickets_number(desk, new_call, contact):
    ticket = {"subject": "Help", "departmentId": new_call["departmentId"], "contactId": contact}
    made = desk.post("/tickets", json=ticket).json()
    call = post(desk, new_call, ticketId=made["id"])
    post(desk, new_call)
    found = desk.get(f"/calls/search?ticketNumber={made['ticketNumber']}").json()
    assert [item["id"] for item in found["data"]] == [call["id"]]
    assert desk.get("/calls?include=tickets").json()["data"][0]["ticket"]["subject"] == "Help"


@pytest.mark.parametrize(
    ("query", "anywhere", "words"),
    [
        ("Invoice", True, True),
        ("ref-8F3K2M9Q", True, True),
        ("8f3k2m9q invoice", False, True),
        ("nvoic", True, False),
        ("Invo*", True, True),
        ("*8F3K2M9Q*", True, False),
        ("*nvoice", False, False),
        ("In*ice", False, False),
    ],
)
def test_subjects_are_searched_anywhere_or_by_words(zoho, desk, new_call, query, anywhere, words):
    post(desk, new_call, subject="Invoice 42 [ref-8F3K2M9Q]")
    for answer, found in {"anywhere": anywhere, "words": words}.items():
        zoho.set_knobs(subject_search=answer)
        assert (desk.get("/calls/search", params={"subject": query}).status_code == 200) is found, answer
