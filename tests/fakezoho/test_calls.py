from __future__ import annotations

import json

import pytest

from tests.fakezoho.conftest import fields_at_fault, refusal


def post(desk, new_call, **changes):
    answer = desk.post("/calls", json=new_call | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_created_call_comes_back_whole_with_200(desk, new_call, contact):
    call = post(desk, new_call, description="Said hello", cf={"cf_deskline_marker": "abc"})
    assert call["id"].isdigit()
    assert len(call["id"]) == 18
    assert call["callId"] is None
    assert (call["contactId"], call["duration"], call["direction"]) == (contact, "65", "inbound")
    assert (call["statusType"], call["cf"]) == ("Closed", {"cf_deskline_marker": "abc"})
    assert desk.get(f"/calls/{call['id']}").json() == call


def test_ids_and_durations_may_be_sent_as_numbers_and_come_back_as_text(desk, new_call):
    call = post(desk, new_call, contactId=int(new_call["contactId"]), duration="7")
    assert (call["contactId"], call["duration"]) == (new_call["contactId"], "7")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("direction", "Inbound"),
        ("status", "Done"),
        ("duration", "-1"),
        ("startTime", "2026-11-23T10:00:00+01:00"),
        ("startTime", "yesterday"),
        ("departmentId", "1"),
        ("ownerId", "1"),
        ("ticketId", "1"),
    ],
)
def test_a_value_that_zoho_refuses_is_named(desk, new_call, field, value):
    answer = desk.post("/calls", json=new_call | {field: value})
    assert refusal(answer) == (422, "INVALID_DATA")
    assert fields_at_fault(answer) == {(f"/{field}", "invalid")}


def test_a_portal_may_have_its_own_statuses(zoho, desk, new_call):
    assert desk.post("/calls", json=new_call | {"status": "Voicemail"}).status_code == 422
    zoho.set_knobs(call_statuses="Voicemail,Transferred")
    assert post(desk, new_call, status="Voicemail")["status"] == "Voicemail"
    values = desk.get("/fields?module=calls&apiNames=status").json()["data"][0]["pickListValues"]
    assert {"value": "Transferred"} in values


def test_custom_fields_are_those_of_the_portal(zoho, desk, new_call):
    answer = desk.post("/calls", json=new_call | {"cf": {"cf_unknown": "x", "cf_deskline_marker": "x" * 101}})
    assert fields_at_fault(answer) == {("/cf/cf_unknown", "invalid"), ("/cf/cf_deskline_marker", "invalid")}
    zoho.set_knobs(custom_fields=False)
    answer = desk.post("/calls", json=new_call | {"cf": {"cf_deskline_marker": "x"}})
    assert fields_at_fault(answer) == {("/cf/cf_deskline_marker", "invalid")}


def test_mandatory_custom_fields_are_missed(zoho, desk, new_call):
    zoho.set_knobs(mandatory_fields="cf_deskline_marker,cf_reason")
    answer = desk.post("/calls", json=new_call)
    assert fields_at_fault(answer) == {("/cf/cf_deskline_marker", "missing"), ("/cf/cf_reason", "missing")}
    call = post(desk, new_call, cf={"cf_deskline_marker": "x", "cf_reason": "y"})
    assert desk.patch(f"/calls/{call['id']}", json={"subject": "Later"}).status_code == 200
    assert desk.patch(f"/calls/{call['id']}", json={"cf": {"cf_reason": ""}}).status_code == 422


@pytest.mark.parametrize(("knob", "expected"), [("404", (404, "URL_NOT_FOUND")), ("422", (422, "INVALID_DATA"))])
def test_a_call_on_a_merged_contact_is_refused_as_the_knob_says(zoho, desk, new_call, contact, knob, expected):
    zoho.set_knobs(merged_contact=knob)
    into = zoho.records("eu", "acme", "contacts")[1]["id"]
    call = post(desk, new_call)
    merged = {"dc": "eu", "portal": "acme", "from": contact, "into": into}
    desk.base, base = zoho.url, desk.base
    assert desk.post("/_standin/merge", json=merged).status_code == 200
    desk.base = base
    assert refusal(desk.post("/calls", json=new_call)) == expected
    assert refusal(desk.get(f"/contacts/{contact}")) == (404, "URL_NOT_FOUND")
    assert desk.get(f"/calls/{call['id']}").json()["contactId"] == into


def test_a_patch_changes_what_it_names_and_nothing_else(zoho, desk, new_call):
    call = post(desk, new_call, status="In Progress", cf={"cf_deskline_marker": "abc"})
    assert call["completedTime"] is None
    zoho.advance(10)
    changes = {"status": "Completed", "duration": 90, "cf": {"cf_recording_url": "https://x.example/1"}}
    new = desk.patch(f"/calls/{call['id']}", json=changes).json()
    assert new["cf"] == {"cf_deskline_marker": "abc", "cf_recording_url": "https://x.example/1"}
    assert (new["status"], new["statusType"], new["duration"]) == ("Completed", "Closed", "90")
    assert new["completedTime"]
    assert new["modifiedTime"] > call["modifiedTime"]
    assert (new["createdTime"], new["subject"]) == (call["createdTime"], call["subject"])


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


def test_trashed_calls_are_gone(desk, new_call):
    ids = [post(desk, new_call)["id"] for _ in range(2)]
    assert desk.post("/calls/moveToTrash", json={"entityIds": ids}).status_code == 204
    assert desk.get(f"/calls/{ids[0]}").status_code == 404
    assert desk.get("/calls").status_code == 204
    assert desk.post("/calls/moveToTrash", json={"entityIds": ids}).status_code == 404


def test_many_calls_are_changed_at_once(desk, new_call):
    ids = [post(desk, new_call)["id"] for _ in range(3)]
    change = {"fieldName": "status", "fieldValue": "Missed", "ids": ids}
    assert desk.post("/calls/updateMany", json=change).status_code == 200
    assert {desk.get(f"/calls/{i}").json()["status"] for i in ids} == {"Missed"}
    custom = {"fieldName": "cf_deskline_marker", "fieldValue": "m", "isCustomField": True, "ids": ids}
    assert desk.post("/calls/updateMany", json=custom).status_code == 200
    assert desk.get(f"/calls/{ids[0]}").json()["cf"] == {"cf_deskline_marker": "m"}
    assert desk.post("/calls/updateMany", json=change | {"fieldName": "webUrl"}).status_code == 422


def test_descriptions_may_come_back_as_html(zoho, desk, new_call):
    zoho.set_knobs(html_descriptions=True)
    assert post(desk, new_call, description="1 < 2")["description"] == "<div>1 &lt; 2</div>"


def test_included_people_come_with_the_list(desk, new_call, contact):
    post(desk, new_call)
    item = desk.get("/calls?include=contacts,assignee").json()["data"][0]
    assert item["contact"]["id"] == contact
    assert item["assignee"]["emailId"] == "ada@acme.example"


def test_the_standard_recording_field_is_taken_or_refused(zoho, desk, new_call):
    assert post(desk, new_call, recordingUrl="https://x.example/1")["recordingUrl"] == "https://x.example/1"
    zoho.set_knobs(recording_url=False)
    answer = desk.post("/calls", json=new_call | {"recordingUrl": "https://x.example/1"})
    assert fields_at_fault(answer) == {("/recordingUrl", "invalid")}


def test_included_people_come_with_a_call_too(desk, new_call, contact):
    call = post(desk, new_call)
    shown = desk.get(f"/calls/{call['id']}?include=contacts,creator,tickets").json()
    assert (shown["contact"]["id"], shown["creator"]["emailId"], shown["ticket"]) == (contact, "ada@acme.example", None)


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


def test_an_empty_subject_is_missing(desk, new_call):
    assert fields_at_fault(desk.post("/calls", json=new_call | {"subject": " "})) == {("/subject", "missing")}
