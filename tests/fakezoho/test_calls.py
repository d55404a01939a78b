from __future__ import annotations

import pytest

from tests.fakezoho.conftest import fields_at_fault, refusal
from tests.fakezoho.conftest import post_call as post


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


def test_the_standard_recording_field_is_taken_or_refused(zoho, desk, new_call):
    assert post(desk, new_call, recordingUrl="https://x.example/1")["recordingUrl"] == "https://x.example/1"
    zoho.set_knobs(recording_url=False)
    answer = desk.post("/calls", json=new_call | {"recordingUrl": "https://x.example/1"})
    assert fields_at_fault(answer) == {("/recordingUrl", "invalid")}


def test_included_people_come_with_a_call_too(desk, new_call, contact):
    call = post(desk, new_call)
    shown = desk.get(f"/calls/{call['id']}?include=contacts,creator,tickets").json()
    assert (shown["contact"]["id"], shown["creator"]["emailId"], shown["ticket"]) == (contact, "ada@acme.example", None)


def test_an_empty_subject_is_missing(desk, new_call):
    assert fields_at_fault(desk.post("/calls", json=new_call | {"subject": " "})) == {("/subject", "missing")}
