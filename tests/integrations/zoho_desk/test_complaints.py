from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.errors import Refused
from integrations.zoho_desk.schema import CALLS, CONTACTS, TICKETS
from integrations.zoho_desk.validation import validation_errors

CALL = {
    "contactId": "198400000000123456",
    "departmentId": "198400000000000001",
    "subject": "A call",
    "startTime": "2026-11-23T09:30:00.000Z",
    "direction": "Incoming",
    "duration": 65,
    "status": "Completed",
}


def test_a_whole_call_has_no_complaint():
    assert validation_errors(CALLS, CALL) == {}


@pytest.mark.parametrize("name", CALL)
@pytest.mark.parametrize("empty", ["", None, "   "])
def test_each_required_field_is_missed(name, empty):
    assert list(validation_errors(CALLS, {**CALL, name: empty})) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contactId", "C-12"), ("departmentId", "1 2"), ("ticketId", "abc"), ("ownerId", "1" * 20),
        ("startTime", "2026-11-23 09:30"), ("startTime", "2026-11-23T09:30:00+02:00"), ("startTime", "23/11/2026"),
        ("startTime", "2026-02-30T09:30:00Z"), ("startTime", "2026-11-23T25:30:00Z"), ("startTime", "1763890000000"),
        ("direction", "sideways"), ("status", "Sleeping"), ("duration", "1:05"), ("duration", -1), ("duration", "a"),
        ("priority", "x" * 121), ("description", "x" * 65536), ("recordingUrl", "https://" + "x" * 2500),
        ("callDuration", "65"), ("CF_reason", "x"), ("id", "1"),
    ],
)  # fmt: skip
def test_what_zoho_would_refuse_of_a_call_is_named(name, value):
    assert list(validation_errors(CALLS, {**CALL, name: value})) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subject", "x" * 400), ("startTime", "2026-11-23T09:30:00Z"), ("startTime", "2026-11-23T09:30:00.1Z"),
        ("direction", "OUTGOING"), ("status", "in progress"), ("duration", "65.5"), ("duration", 0),
        ("cf_reason", "x" * 500), ("recordingUrl", "https://r.example/1"), ("ticketId", ""), ("ticketId", "12"),
        ("priority", "High"),
    ],
)  # fmt: skip
def test_what_zoho_takes_of_a_call_is_not_named(name, value):
    assert validation_errors(CALLS, {**CALL, name: value}) == {}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, ["lastName"]),
        ({"lastName": "D"}, []),
        ({"email": "a@b.example"}, []),
        ({"phone": "+33612345678"}, []),
        ({"mobile": "+33612345678"}, ["lastName"]),
        ({"lastName": "x" * 201}, ["lastName"]),
        ({"lastName": "D", "firstName": "x" * 41}, ["firstName"]),
        ({"lastName": "D", "phone": "(0)" + "1" * 60}, ["phone"]),
        ({"lastName": "D", "nickname": "Z"}, ["nickname"]),
        ({"lastName": "D", "email": "0"}, ["email"]),
        ({"lastName": "D", "email": "two words@b.example"}, ["email"]),
        ({"lastName": "D", "email": "a..b@c.example"}, ["email"]),
        ({"lastName": "D", "email": "a.@c.example", "secondaryEmail": "a@b_c.example"}, ["email", "secondaryEmail"]),
        ({"lastName": "D", "email": "a_b.c@d-e.example"}, []),
        ({"lastName": "D", "email": "o'hara+desk@b.example", "secondaryEmail": "x"}, ["secondaryEmail"]),
    ],
)
def test_what_zoho_would_refuse_of_a_contact_is_named(values, named):
    assert list(validation_errors(CONTACTS, values)) == named


def test_a_ticket_needs_subject_department_and_contact():
    assert set(validation_errors(TICKETS, {})) == {"subject", "departmentId", "contactId"}


def test_each_complaint_says_the_cure():
    found = validation_errors(CALLS, {**CALL, "startTime": "now", "direction": "x", "status": "x", "duration": "x"})
    assert "date.utc" in found["startTime"]
    assert "Inbound or Outbound" in found["direction"]
    assert "In Progress" in found["status"]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    direction=st.sampled_from(["inbound", "Outgoing", "x", ""]),
    status=st.sampled_from(["Completed", "missed", "Sleeping", ""]),
    duration=st.one_of(st.integers(-5, 9999), st.sampled_from(["12.7", "x", ""])),
    start=st.sampled_from(["2026-11-23T09:30:00.000Z", "2026-11-23T09:30:00Z", "2026-11-23", "x", ""]),
    subject=st.one_of(TEXTS, st.just("x" * 350)),
    priority=st.sampled_from(["", "High", "x" * 121]),
)
def test_zoho_refuses_exactly_what_was_complained_of(customer, connection, **values):
    contact, department = str(customer.contact("Poulain")["id"]), customer.department()
    named = {"contactId": contact, "departmentId": department, **values}
    named["startTime"] = named.pop("start")
    assert refused(customer, connection, named) == set(validation_errors(CALLS, named)) - {"subject"}


def refused(customer, connection, values):
    """The fields that Zoho refuses; a subject is never among them, since the marker fills an empty one."""
    try:
        customer.vendor.writer.create(connection, "calls", values, marker="DL-8F3K2M9Q")
    except Refused as error:
        return set(error.fields)
    return set()


ODD = st.one_of(
    st.text(max_size=45),
    st.sampled_from(["x" * length for length in (41, 51, 101, 121, 201, 251, 256)]),
    st.sampled_from(["", "()", "(0) 1", "😀", "٣٣", "a\nb", 7, 1.5, True, None]),
)


@pytest.mark.parametrize("module", [CONTACTS, TICKETS], ids=lambda module: module.name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_zoho_refuses_exactly_what_was_complained_of_in_other_modules(customer, connection, module, data):
    """But for ids, which it looks up, a ticket's status, which is the portal's, and the form of an e-mail address."""
    names = [*sorted(module.known - {*module.ids, *module.emails, "status"}), "nickname"]
    values = data.draw(st.dictionaries(st.sampled_from(names), ODD, max_size=5))
    values["lastName" if module is CONTACTS else "subject"] = "A name"
    if module is TICKETS:
        values |= {"departmentId": customer.department(), "contactId": str(customer.contact("Poulain")["id"])}
    refused = set()
    try:
        customer.vendor.writer.create(connection, module.name, values)
    except Refused as error:
        refused = set(error.fields)
    assert refused == set(validation_errors(module, values))
