"""Each operation of the digest is served, and answers as the digest says."""

from __future__ import annotations

import pytest

from fakezoho.desk.operations import HANDLERS
from fakezoho.spec import operations

BODIES: dict[str, dict[str, object]] = {
    "createCall": {},
    "updateCall": {"subject": "Changed"},
    "createContact": {"lastName": "Curie"},
    "updateContact": {"title": "Dr"},
    "createTicket": {},
    "updateTicket": {"priority": "High"},
    "createWebhook": {"url": "https://x.example/", "subscriptions": {"Call_Add": None}},
    "updateWebhook": {"isEnabled": False},
    "bulkUpdateCalls": {"fieldName": "priority", "fieldValue": "High"},
}
QUERIES = {
    "getContactsByIds": "?ids={contactId}",
    "getFields": "?module=tickets",
    "getFieldsOld": "?module=contacts",
    "getLayouts": "?module=tickets",
    "searchCalls": "?subject=call",
    "searchContacts": "?lastName=Poulain",
    "searchTickets": "?_all=help",
}
TRASHED = {"deleteCall": ("entityIds", "callId"), "deleteContact": ("contactIds", "contactId")}
TRASHED["deleteTicket"] = ("ticketIds", "ticketId")


@pytest.fixture
def ids(desk, new_call, contact):
    """The ids of one record of each kind, all connected."""
    department = new_call["departmentId"]
    ticket = desk.post("/tickets", json={"subject": "Help me", "departmentId": department, "contactId": contact}).json()
    call = desk.post("/calls", json=new_call | {"ticketId": ticket["id"]}).json()
    webhook = desk.post("/webhooks", json=BODIES["createWebhook"]).json()
    return {
        "callId": call["id"],
        "ticketId": ticket["id"],
        "contactId": contact,
        "departmentId": department,
        "webhookId": webhook["id"],
        "accountId": desk.get(f"/contacts/{contact}/accounts").json()["data"][0]["id"],
        "organizationId": desk.headers["orgId"],
        "agentId": desk.get("/myinfo").json()["id"],
        "emailId": "grace%40acme.example",
        "zuid": "20071000002",
        "fieldId": desk.get("/fields?module=calls").json()["data"][0]["id"],
        "layoutId": desk.get("/layouts?module=calls").json()["data"][0]["id"],
    }


def test_every_operation_has_a_handler():
    assert set(HANDLERS) == set(operations())


@pytest.mark.parametrize("name", sorted(operations()))
def test_each_operation_answers_by_the_digest(zoho, desk, ids, new_call, name):
    operation = operations()[name]
    path = operation.path.removeprefix("/api/v1").format(**ids) + QUERIES.get(name, "").format(**ids)
    body = BODIES.get(name)
    if name == "createCall":
        body = new_call
    elif name == "createTicket":
        body = {"subject": "Help", "departmentId": ids["departmentId"], "contactId": ids["contactId"]}
    elif name == "bulkUpdateCalls":
        body = BODIES[name] | {"ids": [ids["callId"]]}
    elif name in TRASHED:
        field, record = TRASHED[name]
        body = {field: [ids[record]]}
    answer = desk.request(operation.method, path, json=body)
    assert answer.status_code == (204 if name in TRASHED else 200), answer.text
    entry = zoho.journal()[-1]
    assert (entry["operation"], entry["note"]) == (name, "")
    if operation.answer is not None:
        assert operation.answer.is_valid(answer.json())
