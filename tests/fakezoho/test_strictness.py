"""What Zoho would refuse is refused, and leaves nothing behind that could not be shown."""

from __future__ import annotations

import pytest
import requests

from tests.fakezoho.conftest import fields_at_fault, granted, post_call, refresh, refusal


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"duration": -1}, "/duration"),
        ({"duration": 65.0}, "/duration"),
        ({"contactId": -1}, "/contactId"),
        ({"layoutId": -1}, "/layoutId"),
        ({"layoutId": "1"}, "/layoutId"),
        ({"teamId": "1"}, "/teamId"),
        ({"startTime": "2026-02-31T10:00:00.000Z"}, "/startTime"),
        ({"customFields": {"Deskline marker": "x"}}, "/customFields"),
    ],
)
def test_a_call_that_could_not_be_shown_is_not_stored(zoho, desk, new_call, changes, field):
    answer = desk.post("/calls", json=new_call | changes)
    assert refusal(answer) == (422, "INVALID_DATA")
    assert fields_at_fault(answer) == {(field, "invalid")}
    assert zoho.records("eu", "acme", "calls") == []
    call = post_call(desk, new_call)
    assert fields_at_fault(desk.patch(f"/calls/{call['id']}", json=changes)) == {(field, "invalid")}


def test_a_portals_own_layout_is_taken(desk, new_call):
    layout = desk.get("/layouts?module=calls").json()["data"][0]["id"]
    assert post_call(desk, new_call, layoutId=layout)["layoutId"] == layout


@pytest.mark.parametrize("name", ["productId", "teamId", "assigneeId"])
def test_a_ticket_that_could_not_be_shown_is_not_stored(zoho, desk, new_call, contact, name):
    asked = {"subject": "Help", "departmentId": new_call["departmentId"], "contactId": contact}
    answer = desk.post("/tickets", json=asked | {name: "x"})
    assert (refusal(answer), fields_at_fault(answer)) == ((422, "INVALID_DATA"), {(f"/{name}", "invalid")})
    assert zoho.records("eu", "acme", "tickets") == []


def test_a_page_cannot_begin_beyond_every_number(desk):
    assert refusal(desk.get("/departments?from=1" + "0" * 30)) == (422, "UNPROCESSABLE_ENTITY")


@pytest.mark.parametrize("text", ["1_0", "+5", " 5", "５", "5.0", "0x5", "", "1" + "0" * 30])
def test_a_number_in_the_query_has_digits_only(desk, text):
    assert refusal(desk.get("/calls", params={"limit": text})) == (422, "UNPROCESSABLE_ENTITY")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01,2026-12-31",
        "2026-01-01T00:00:00.000,2026-12-31T00:00:00.000",
        "2026-01-01T00:00:00.000+01:00,2026-12-31T00:00:00.000Z",
        "2026-02-31T00:00:00.000Z,2026-12-31T00:00:00.000Z",
        "2026-01-01T00:00:00.000Z",
    ],
)
def test_a_range_is_two_moments_with_a_literal_z(desk, text):
    assert refusal(desk.get("/contacts/search", params={"createdTimeRange": text})) == (422, "UNPROCESSABLE_ENTITY")


@pytest.mark.parametrize(
    ("name", "value"), [("status", "Odd"), ("ownerId", "1"), ("status", None), ("priority", "x" * 121)]
)
def test_what_one_call_may_not_have_many_may_not_have(desk, new_call, name, value):
    call = post_call(desk, new_call)
    answer = desk.post("/calls/updateMany", json={"ids": [call["id"]], "fieldName": name, "fieldValue": value})
    assert refusal(answer) == (422, "INVALID_DATA")
    assert desk.get(f"/calls/{call['id']}").json()[name] == call[name]


@pytest.mark.parametrize("path", ["/contacts/contactsByIds?ids=1,2", "/fields?module=calls&apiNames=cf_none"])
def test_nothing_found_is_204_everywhere(desk, path):
    answer = desk.get(path)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(("knob", "status"), [("404", 404), ("422", 422)])
def test_a_ticket_for_a_merged_contact_is_refused_as_a_call_is(zoho, desk, new_call, knob, status):
    zoho.set_knobs(merged_contact=knob)
    ticket = {"subject": "Help", "departmentId": new_call["departmentId"], "contactId": "1"}
    assert desk.post("/tickets", json=ticket).status_code == status
    assert desk.post("/calls", json=new_call | {"contactId": "1"}).status_code == status


def test_a_webhook_beyond_the_edition_names_the_licence(zoho, desk):
    zoho.set_knobs(edition="FREE")
    answer = desk.post("/webhooks", json={"url": "https://x.example/", "subscriptions": {"Call_Add": None}})
    assert refusal(answer) == (403, "LICENSE_ACCESS_LIMITED")
    told = answer.json()
    assert (told["editionType"], told["maxAllowedEntity"], told["isTrial"]) == ("FREE", 0, False)
    assert told["feature"]


@pytest.mark.parametrize(("knob", "status"), [("INVALID_OAUTH", 401), ("redirect", 302)])
def test_another_data_centres_token_is_refused_or_led_away(zoho, client, knob, status):
    zoho.set_knobs(foreign_desk=knob)
    url = f"{zoho.url}/us/desk/api/v1/organizations"
    headers = {"Authorization": f"Bearer {granted(zoho, client)['access_token']}"}
    answer = requests.get(url, headers=headers, allow_redirects=False, timeout=5)
    assert answer.status_code == status
    assert answer.headers.get("Location") == (f"{zoho.url}/eu/desk/api/v1/organizations" if status == 302 else None)
    headers["Authorization"] = "Bearer 1000.nobodys"
    assert requests.get(url, headers=headers, allow_redirects=False, timeout=5).status_code == 401


@pytest.mark.parametrize(("knob", "before"), [("index", 204), ("live", 200)])
def test_the_tickets_of_a_contact_read_the_index_or_the_records(zoho, desk, new_call, contact, knob, before):
    zoho.set_knobs(contact_tickets=knob, search_lag=60)
    asked = {"subject": "Help", "departmentId": new_call["departmentId"], "contactId": contact}
    assert desk.post("/tickets", json=asked).status_code == 200
    assert desk.get(f"/contacts/{contact}/tickets").status_code == before
    zoho.advance(61)
    assert desk.get(f"/contacts/{contact}/tickets").status_code == 200


@pytest.mark.parametrize("shown", [False, True])
def test_a_field_at_fault_may_come_with_a_sentence(zoho, desk, new_call, shown):
    zoho.set_knobs(error_messages=shown)
    faults = [
        desk.post("/calls", json=new_call | changes).json()["errors"][0]
        for changes in ({"subject": 1}, {"subject": " "}, {"cf": {"cf_x": "1"}})
    ]
    assert [bool(fault.get("errorMessage")) for fault in faults] == [shown] * 3


@pytest.mark.parametrize("status", [422, 400])
def test_an_empty_payload_is_422_or_400(zoho, desk, status):
    zoho.set_knobs(empty_payload_status=status)
    assert refusal(desk.post("/contacts", json={})) == (status, "EMPTY_PAYLOAD")
    json = {"Content-Type": "application/json"}
    assert refusal(desk.post("/contacts", data=b"", headers=json)) == (status, "EMPTY_PAYLOAD")


def test_contacts_sort_by_the_names_of_their_accounts(desk):
    page = desk.get("/contacts?sortBy=-account&limit=100&include=accounts").json()["data"]
    names = [contact["account"]["accountName"] for contact in page if contact["account"]]
    assert names == sorted(names, key=str.lower, reverse=True)
    assert all(contact["account"] for contact in page[: len(names)])


def test_contacts_of_an_account_sort_by_their_full_names(desk):
    account = next(a for a in desk.get("/accounts?limit=100").json()["data"] if a["accountName"] == "Dubois Conseil")
    page = desk.get(f"/accounts/{account['id']}/contacts?sortBy=-fullName").json()["data"]
    assert [contact["firstName"] for contact in page] == ["Léa", "Camille"]


def test_a_found_call_shows_its_ticket(desk, new_call, contact):
    asked = {"subject": "Help", "departmentId": new_call["departmentId"], "contactId": contact}
    ticket = desk.post("/tickets", json=asked).json()
    post_call(desk, new_call, ticketId=ticket["id"])
    assert desk.get("/calls/search?subject=call").json()["data"][0]["ticket"]["id"] == ticket["id"]


def test_a_found_call_describes_itself_as_a_read_one_does(zoho, desk, new_call):
    call = post_call(desk, new_call, description="a < b")
    for as_html in (True, False):
        zoho.set_knobs(html_descriptions=as_html)
        found = desk.get("/calls/search?subject=call").json()["data"][0]
        assert found["description"] == desk.get(f"/calls/{call['id']}").json()["description"]


def test_a_list_costs_three_with_and_without_a_limit(desk):
    weight = "X-Rate-Limit-Request-Weight-v3"
    assert {desk.get(f"/layouts?module=calls{more}").headers[weight] for more in ("", "&limit=5")} == {"3"}


def test_a_standard_portal_has_its_credits_and_says_so(zoho, desk):
    zoho.set_knobs(edition="STANDARD")
    answer = desk.get("/organizations")
    assert answer.json()["data"][0]["edition"] == "STANDARD"
    assert answer.headers["X-Rate-Limit-Remaining-v3"] == str(50_000 + 4 * 250 - 1)


@pytest.mark.parametrize(("knob", "code"), [("invalid_code", "invalid_code"), ("invalid_client", "invalid_client")])
def test_a_refresh_token_of_another_data_centre_is_refused_as_its_code_would_be(zoho, client, knob, code):
    zoho.set_knobs(foreign_code=knob)
    token = granted(zoho, client)["refresh_token"]
    assert refresh(zoho, client, token, dc="us").json() == {"error": code}


@pytest.mark.parametrize(
    "body",
    [
        b'{"lastName": "\\ud800"}',
        b'{"lastName": "\xed\xa0\x80"}',
        b'{"cf": ' + b"[" * 600 + b"]" * 600 + b"}",
        b"[" * 100_000,
    ],
    ids=["half a character", "half a character in bytes", "deep", "deeper than can be read"],
)
def test_what_could_neither_be_shown_nor_kept_is_no_json_and_spoils_nothing(zoho, desk, contact, body):
    for ask in (
        lambda **more: desk.post("/contacts", **more),
        lambda **more: desk.patch(f"/contacts/{contact}", **more),
    ):
        answer = ask(data=body, headers={"Content-Type": "application/json"})
        assert refusal(answer) == (400, "BAD_REQUEST")
    assert desk.get("/contacts").status_code == 200
    assert requests.get(f"{zoho.url}/_standin/summary", timeout=5).status_code == 200
    assert zoho.journal()[-2]["status"] == 400


def test_filters_that_nest_too_deep_are_refused(desk):
    assert refusal(desk.get("/calls", params={"filters": "[" * 4_000})) == (422, "UNPROCESSABLE_ENTITY")


@pytest.mark.parametrize("path", ["/tickets", "/contacts/{contact}/tickets"])
def test_a_page_of_tickets_is_no_longer_than_a_hundred(desk, contact, path):
    path = path.format(contact=contact)
    assert desk.get(f"{path}?limit=100").status_code == 204
    assert refusal(desk.get(f"{path}?limit=101")) == (422, "UNPROCESSABLE_ENTITY")


@pytest.mark.parametrize(
    ("reminder", "fault"),
    [
        ({"reminderType": "ABSOLUTE"}, ("/reminder/0/reminderTime", "missing")),
        ({"reminderType": "RELATIVE"}, ("/reminder/0/relativeReminderInMin", "missing")),
        ({"reminderType": "RELATIVE", "reminderTime": "2026-11-23T10:00:00.000Z"},
         ("/reminder/0/relativeReminderInMin", "missing")),
    ],
)  # fmt: skip
def test_a_reminder_says_when(zoho, desk, new_call, reminder, fault):
    answer = desk.post("/calls", json=new_call | {"reminder": [{"alertType": ["EMAIL"], **reminder}]})
    assert (refusal(answer), fields_at_fault(answer)) == ((422, "INVALID_DATA"), {fault})
    assert zoho.records("eu", "acme", "calls") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("uploads", ["1"]),
        ("secondaryContacts", ["1"]),
        ("entitySkills", ["1"]),
        ("sharedDepartments", ["1"]),
        ("parentTicket", {"id": "1"}),
        ("sourceTicket", {"id": "1"}),
        ("clonedTicketId", "1"),
        ("blueprint", {"id": "1"}),
    ],
)
def test_what_a_ticket_cannot_have_here_is_refused_and_not_ignored(zoho, desk, new_call, contact, name, value):
    asked = {"subject": "Help", "departmentId": new_call["departmentId"], "contactId": contact}
    assert fields_at_fault(desk.post("/tickets", json=asked | {name: value})) == {(f"/{name}", "invalid")}
    assert zoho.records("eu", "acme", "tickets") == []


def test_a_contact_within_a_change_of_a_ticket_is_refused_and_not_ignored(desk, new_call, contact):
    asked = {"subject": "Help", "departmentId": new_call["departmentId"], "contactId": contact}
    ticket = desk.post("/tickets", json=asked).json()
    answer = desk.patch(f"/tickets/{ticket['id']}", json={"contact": {"phone": "112"}})
    assert fields_at_fault(answer) == {("/contact", "invalid")}


def test_the_contact_of_a_new_ticket_is_checked_as_any_other(zoho, desk, new_call):
    before = len(zoho.records("eu", "acme", "contacts"))
    asked = {"subject": "Help", "departmentId": new_call["departmentId"]}
    answer = desk.post("/tickets", json=asked | {"contact": {"email": "nomail"}})
    assert fields_at_fault(answer) == {("/contact/email", "invalid")}
    assert len(zoho.records("eu", "acme", "contacts")) == before


def test_the_fields_of_a_department_are_those_on_its_layouts(desk, new_call):
    names = {f["apiName"] for f in desk.get("/fields?module=calls").json()["data"]}
    query = f"/fields?module=calls&associatedDepartments={new_call['departmentId']}"
    assert {f["apiName"] for f in desk.get(query).json()["data"]} == names - {"startTime", "duration"}
    assert refusal(desk.get("/fields?module=calls&associatedDepartments=1")) == (422, "UNPROCESSABLE_ENTITY")


def test_nobody_is_told_who_a_person_is_that_is_gone(zoho, client):
    token = granted(zoho, client, scope="openid,email,aaaserver.profile.READ")["access_token"]
    del zoho.world.centres["eu"].people["20071000001"]
    for path in ("/oauth/user/info", "/oauth/v2/userinfo"):
        answer = requests.get(f"{zoho.url}/eu/accounts{path}", headers={"Authorization": f"Bearer {token}"}, timeout=5)
        assert answer.status_code == 401


def test_what_only_looks_like_an_org_id_in_the_query_is_none(zoho, desk, new_call):
    zoho.set_knobs(org_in_query=False)
    post_call(desk, new_call, subject="Asked for orgId=5")
    assert desk.get("/calls/search?subject=orgId=5").json()["count"] == 1
    answer = desk.get("/contacts?myorgId=5")
    assert refusal(answer) == (422, "UNPROCESSABLE_ENTITY")
    assert "'myorgId'" in answer.json()["message"]
