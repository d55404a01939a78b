from __future__ import annotations

import json

import pytest

from tests.fakezoho.conftest import fields_at_fault


@pytest.fixture
def department(zoho):
    return zoho.records("eu", "acme", "departments")[0]["id"]


def opened(desk, department, **values):
    answer = desk.post("/tickets", json={"subject": "Help", "departmentId": department, **values})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_ticket_has_a_number_a_link_and_its_contacts_email(desk, department, contact):
    ticket = opened(desk, department, contactId=contact)
    assert ticket["ticketNumber"] == "101"
    assert ticket["webUrl"].endswith(ticket["id"])
    assert (ticket["status"], ticket["statusType"]) == ("Open", "Open")
    assert ticket["email"] == "amelie.poulain@moulins.example"
    assert opened(desk, department, contactId=contact)["ticketNumber"] == "102"


def test_an_inline_contact_with_a_known_email_is_that_contact(desk, department, contact):
    known = {"lastName": "Someone", "email": "Amelie.Poulain@moulins.example"}
    assert opened(desk, department, contact=known)["contactId"] == contact


def test_an_inline_contact_that_is_unknown_is_made(desk, department):
    ticket = opened(desk, department, contact={"email": "new@new.example"})
    made = desk.get(f"/contacts/{ticket['contactId']}").json()
    assert (made["lastName"], made["email"]) == ("new@new.example", "new@new.example")


def test_a_ticket_needs_a_contact_and_a_known_status(desk, department, contact):
    answer = desk.post("/tickets", json={"subject": "Help", "departmentId": department})
    assert fields_at_fault(answer) == {("/contactId", "missing")}
    wrong = {"subject": "Help", "departmentId": department, "contactId": contact, "status": "Odd"}
    assert fields_at_fault(desk.post("/tickets", json=wrong)) == {("/status", "invalid")}


def test_closing_a_ticket_gives_it_a_closed_time(desk, department, contact):
    ticket = opened(desk, department, contactId=contact)
    closed = desk.patch(f"/tickets/{ticket['id']}", json={"status": "Closed"}).json()
    assert (closed["statusType"], bool(closed["closedTime"])) == ("Closed", True)


def test_the_calls_of_a_ticket_come_newest_first_when_asked(desk, department, contact, new_call):
    ticket = opened(desk, department, contactId=contact)
    desk.post("/calls", json=new_call)
    ids = [desk.post("/calls", json=new_call | {"ticketId": ticket["id"]}).json()["id"] for _ in range(3)]
    listed = desk.get(f"/tickets/{ticket['id']}/calls?sortBy=-createdTime").json()["data"]
    assert [call["id"] for call in listed] == ids[::-1]
    assert len(desk.get(f"/tickets/{ticket['id']}/activities").json()["data"]) == 3


def test_the_tickets_of_a_contact_read_the_index(zoho, desk, department, contact):
    zoho.set_knobs(search_lag=30)
    opened(desk, department, contactId=contact)
    assert desk.get(f"/contacts/{contact}/tickets").status_code == 204
    assert desk.get("/tickets?sortBy=-createdTime").status_code == 200
    zoho.advance(31)
    assert len(desk.get(f"/contacts/{contact}/tickets").json()["data"]) == 1


def test_tickets_are_listed_by_status_department_and_assignee(desk, department, contact):
    first = opened(desk, department, contactId=contact)
    opened(desk, department, contactId=contact, status="Closed")
    assert [t["id"] for t in desk.get("/tickets?status=Open").json()["data"]] == [first["id"]]
    assert len(desk.get("/tickets?assignee=Unassigned").json()["data"]) == 2
    assert desk.get("/tickets?departmentId=1").status_code == 204
    item = desk.get("/tickets?include=contacts,departments,assignee").json()["data"][0]
    assert (item["contact"]["id"], item["department"]["name"]) == (contact, "Support")
    assert "description" not in item


@pytest.mark.parametrize("query", ["subject=help", "_all=Help", "status=Open", "ticketNumber=101", "phone=*142234140"])
def test_tickets_are_searched(desk, department, contact, query):
    opened(desk, department, contactId=contact)
    assert desk.get(f"/tickets/search?{query}").json()["count"] == 1
    assert desk.get(f"/tickets/search?{query}&departmentId=1").status_code == 204


def test_a_trashed_ticket_is_gone(desk, department, contact):
    ticket = opened(desk, department, contactId=contact)
    assert desk.post("/tickets/moveToTrash", json={"ticketIds": [ticket["id"]]}).status_code == 204
    assert desk.get(f"/tickets/{ticket['id']}").status_code == 404


def test_tickets_are_chosen_by_age_account_and_field(zoho, desk, department, contact):
    ticket = opened(desk, department, contactId=contact, subject="Broken spoon")
    zoho.set_knobs(token_life=10_000_000)
    assert len(desk.get("/tickets?receivedInDays=15&fields=description,subject").json()["data"]) == 1
    assert desk.get("/tickets/search?accountName=Café*").json()["count"] == 1
    assert desk.get("/tickets/search?subject=Broken*").json()["count"] == 1
    assert desk.get("/tickets/search?subject=Spoon*").status_code == 204
    criteria = {"fieldConditions": [{"field": "subject", "con": "is", "data": ["Broken spoon"]}]}
    listed = desk.get("/tickets", params={"filters": json.dumps({"criteria": criteria})}).json()["data"]
    assert [item["id"] for item in listed] == [ticket["id"]]
    assert desk.get(f"/contacts/{contact}/tickets?isSpam=true").status_code == 204


def test_a_ticket_takes_no_custom_field_that_the_portal_lacks(desk, department, contact):
    ticket = {"subject": "Help", "departmentId": department, "contactId": contact, "cf": {"cf_x": "1"}}
    assert fields_at_fault(desk.post("/tickets", json=ticket)) == {("/cf/cf_x", "invalid")}
