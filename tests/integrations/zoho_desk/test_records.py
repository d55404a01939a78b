from __future__ import annotations

import pytest

from integrations.errors import Misconfigured, Refused
from integrations.types import Search

MARKER = "DL-8F3K2M9Q"


def call(customer, **more):
    return {
        "contactId": str(customer.contact("Poulain")["id"]),
        "departmentId": customer.department(),
        "subject": "A call",
        "startTime": "2026-11-23T09:30:00.000Z",
        "direction": "Incoming",
        "duration": 65.4,
        "status": "completed",
        **more,
    }


def stored(customer, module, record_id):
    return next(r for r in customer.zoho.records("eu", "acme", module) if r["id"] == record_id)


def names(records):
    return [record.values["lastName"] for record in records]


def test_a_call_is_written_as_zoho_wants_it(customer, connection):
    made = customer.vendor.writer.create(
        connection, "Calls", call(customer, cf_recording_url="https://r.example/1"), marker=MARKER
    )
    record = stored(customer, "calls", made.id)
    assert (record["direction"], record["duration"], record["status"]) == ("inbound", "65", "Completed")
    assert record["subject"] == f"A call [{MARKER}]"
    assert record["cf"]["cf_deskline_marker"] == MARKER
    assert record["cf"]["cf_recording_url"] == "https://r.example/1"
    assert made.values["cf_recording_url"] == "https://r.example/1"
    assert made.id in made.url


def test_a_portal_without_our_field_carries_the_marker_in_the_subject_alone(customer, connection):
    customer.zoho.set_knobs(custom_fields=False)
    made = customer.vendor.writer.create(connection, "calls", call(customer), marker=MARKER)
    assert stored(customer, "calls", made.id)["subject"] == f"A call [{MARKER}]"
    assert "cf_deskline_marker" not in stored(customer, "calls", made.id)["cf"]


def test_a_long_subject_is_cut_and_keeps_its_marker(customer, connection):
    made = customer.vendor.writer.create(connection, "calls", call(customer, subject="é" * 400), marker=MARKER)
    subject = str(made.values["subject"])
    assert len(subject) <= 300
    assert subject.endswith(f"é [{MARKER}]")


def test_a_new_subject_keeps_the_marker_and_a_recording_arrives_alone(customer, connection):
    made = customer.vendor.writer.create(connection, "calls", call(customer), marker=MARKER)
    customer.vendor.writer.update(connection, "calls", made.id, {"subject": "Better"})
    at = customer.mark()
    customer.vendor.writer.update(connection, "calls", made.id, {"cf_recording_url": "https://r.example/2"})
    record = stored(customer, "calls", made.id)
    assert record["subject"] == f"Better [{MARKER}]"
    assert record["cf"]["cf_deskline_marker"] == MARKER
    assert record["cf"]["cf_recording_url"] == "https://r.example/2"
    assert customer.sent(at) == [f"PATCH /calls/{made.id}"]


def test_fields_that_cannot_be_read_never_stop_a_write(customer, connection):
    customer.zoho.fault("forbidden", "GET", "/api/v1/fields")
    made = customer.vendor.writer.create(connection, "calls", call(customer), marker=MARKER)
    assert stored(customer, "calls", made.id)["subject"] == f"A call [{MARKER}]"


def test_fields_that_cannot_be_read_are_not_asked_for_with_every_write(customer, connection):
    customer.zoho.fault("forbidden", "GET", "/api/v1/fields", count=9)
    at = customer.mark()
    for _ in range(3):
        customer.vendor.writer.create(connection, "calls", call(customer), marker=MARKER)
    assert customer.sent(at).count("GET /fields") == 1


def test_the_field_names_of_a_portal_are_read_once(customer, connection):
    at = customer.mark()
    for _ in range(3):
        customer.vendor.writer.create(connection, "calls", call(customer), marker=MARKER)
    assert customer.sent(at).count("GET /fields") == 1


def test_empty_values_are_left_out_of_a_new_record(customer, connection):
    made = customer.vendor.writer.create(
        connection, "contacts", {"lastName": "Empty", "phone": "", "email": None, "firstName": "  "}
    )
    assert customer.zoho.journal()[-1]["body"] == {"lastName": "Empty"}
    assert made.title == "Empty"


def test_a_persons_cleared_field_is_cleared(customer, connection):
    made = customer.vendor.writer.create(connection, "contacts", {"lastName": "Clear", "title": "Boss"})
    customer.vendor.writer.update(connection, "contacts", made.id, {"title": ""})
    assert not customer.vendor.reader.read(connection, "contacts", made.id).values["title"]


def test_an_update_without_values_is_not_sent(customer, connection):
    made = customer.vendor.writer.create(connection, "calls", call(customer))
    at = customer.mark()
    with pytest.raises(Refused, match="no value to write"):
        customer.vendor.writer.update(connection, "calls", made.id, {})
    assert customer.sent(at) == []


@pytest.mark.parametrize(
    ("values", "last_name"),
    [
        ({"email": "only@mail.example"}, "only@mail.example"),
        ({"phone": "+33 1 77 00 00 01", "lastName": ""}, "+33 1 77 00 00 01"),
        ({"email": "a@b.example", "phone": "+33177000002", "lastName": " "}, "a@b.example"),
        ({"email": f"{'a' * 230}@b.example"}, "a" * 200),
    ],
)
def test_a_nameless_caller_is_named_after_his_email_or_number(customer, connection, values, last_name):
    assert customer.vendor.writer.create(connection, "contacts", values).values["lastName"] == last_name


def test_a_phone_number_loses_what_zoho_refuses(customer, connection):
    made = customer.vendor.writer.create(
        connection, "contacts", {"lastName": "Paren", "phone": "+33 (0)1 77 00 00 03 #2"}
    )
    assert made.values["phone"] == "+33 0 1 77 00 00 03 2"


def test_zohos_refusal_names_the_field(customer, connection):
    with pytest.raises(Refused) as caught:
        customer.vendor.writer.create(connection, "calls", call(customer, status="Sleeping"))
    assert set(caught.value.fields) == {"status"}
    assert caught.value.code == "INVALID_DATA"


def test_a_mandatory_custom_field_is_named(customer, connection):
    customer.zoho.set_knobs(mandatory_fields="cf_reason")
    with pytest.raises(Refused) as caught:
        customer.vendor.writer.create(connection, "calls", call(customer))
    assert caught.value.fields == {"cf_reason": "Zoho Desk requires it."}


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (Search(phone="+33142234140"), ["Poulain"]),
        (Search(phone="0142234140"), ["Poulain"]),
        (Search(phone="0033142234140"), ["Poulain"]),
        (Search(phone="33142234140"), ["Poulain"]),
        (Search(phone="+33612345678"), ["Lefèvre"]),
        (Search(phone="+4533121416"), ["Østergård"]),
        (Search(phone="+34915212500"), ["Peña", "Fernández"]),
        (Search(phone="+31206241111"), ["de Vries"]),
        (Search(phone="+33144556677"), ["Lefèvre", "Lefèvre"]),
        (Search(phone="+39066982"), ["D'Angelo"]),
        (Search(phone="+442079460958"), ["Smith"]),
        (Search(email="EMMA.blanc@blanc.example"), ["Blanc"]),
        (Search(phone="+33142234140", email="emma.blanc@blanc.example"), ["Poulain", "Blanc"]),
        (Search(phone="+33142234140", name="Emma"), ["Poulain"]),
        (Search(name="Emma"), ["Blanc"]),
        (Search(phone="+33999999999"), []),
        (Search(phone="anonymous"), []),
        (Search(phone="+33142234140,*"), ["Poulain"]),
        (Search(email="*@*"), []),
        (Search(email="a@b.c,emma.blanc@blanc.example"), []),
        (Search(email="${notempty}"), []),
        (Search(name="Amélie Poul"), ["Poulain"]),
        (Search(name="*"), []),
        (Search(name="${notempty}"), []),
    ],
    ids=lambda value: " ".join(filter(None, vars(value).values())) if isinstance(value, Search) else None,
)
def test_people_are_found_as_their_numbers_are_really_written(customer, connection, search, expected):
    found = customer.vendor.reader.find(connection, "contacts", search)
    assert sorted(names(found)) == sorted(expected)


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+33142234140", ["Poulain"]),
        ("+33144556677", ["Lefèvre", "Lefèvre"]),
        ("+33612345678", ["Lefèvre"]),
        ("+442079460958", ["Smith"]),
        ("+33140205050", ["Dubois"]),
        ("+34944123456", ["Etxeberria"]),
        ("0142234140", ["Poulain"]),
        ("0033142234140", ["Poulain"]),
        ("33142234140", ["Poulain"]),
        ("0144556677", ["Lefèvre", "Lefèvre"]),
        ("020 7946 0958", ["Smith"]),
        ("944123456", ["Etxeberria"]),
    ],
)
def test_people_are_found_even_if_zoho_compares_numbers_as_they_are_written(customer, connection, phone, expected):
    customer.zoho.set_knobs(phone_search="raw")
    assert names(customer.vendor.reader.find(connection, "contacts", Search(phone=phone))) == expected


@pytest.mark.parametrize("email", ["*@*", "a@b.c,emma.blanc@blanc.example", "${notempty}", "emma", "@", " "])
def test_an_address_that_is_none_is_not_asked_for(customer, connection, email):
    at = customer.mark()
    assert customer.vendor.reader.find(connection, "contacts", Search(email=email)) == []
    assert customer.sent(at) == []


def test_a_caller_who_is_found_costs_one_search_of_each_kind(customer, connection):
    at = customer.mark()
    customer.vendor.reader.find(connection, "contacts", Search(phone="+33142234140"))
    assert customer.sent(at) == ["GET /contacts/search"] * 2


def test_calls_and_tickets_are_nobodys_card(customer, connection):
    at = customer.mark()
    assert customer.vendor.reader.find(connection, "calls", Search(phone="+33142234140")) == []
    assert customer.vendor.reader.find(connection, "tickets", Search(email="a@b.example")) == []
    assert customer.sent(at) == []


def test_a_hidden_field_is_simply_not_there(customer, connection):
    customer.zoho.set_knobs(hidden_fields="email,webUrl,modifiedTime")
    [found] = customer.vendor.reader.find(connection, "contacts", Search(phone="+33142234140"))
    assert "email" not in found.values
    assert (found.url, found.modified_at) == ("", None)


def test_a_number_that_zoho_hides_is_a_wrong_setting_and_no_unknown_caller(customer, connection):
    customer.zoho.set_knobs(hidden_fields="phone,mobile")
    with pytest.raises(Misconfigured, match="hides the field “phone”"):
        customer.vendor.reader.find(connection, "contacts", Search(phone="+33142234140"))
    assert customer.vendor.reader.find(connection, "contacts", Search(phone="+33999999999")) == []
    assert names(customer.vendor.reader.find(connection, "contacts", Search(email="emma.blanc@blanc.example"))) == [
        "Blanc"
    ]


def test_an_email_address_that_zoho_hides_makes_nobody_a_stranger(customer, connection):
    customer.zoho.set_knobs(hidden_fields="email")
    with pytest.raises(Misconfigured, match="hides the field “email”"):
        customer.vendor.reader.find(connection, "contacts", Search(email="emma.blanc@blanc.example"))
    assert customer.vendor.reader.find(connection, "contacts", Search(email="nobody@blanc.example")) == []
    both = Search(phone="+33142234140", email="emma.blanc@blanc.example")
    assert names(customer.vendor.reader.find(connection, "contacts", both)) == ["Poulain"]


def test_a_link_that_is_no_web_address_is_not_passed_on(customer, connection):
    module = customer.zoho.world.portal("eu", "acme").modules["contacts"]
    contact = customer.contact("Poulain")
    customer.zoho.do(lambda: module.records[contact["id"]].update(webUrl="javascript:alert(1)"))
    assert customer.vendor.reader.read(connection, "contacts", str(contact["id"])).url == ""


@pytest.mark.parametrize(
    ("values", "search"),
    [
        ({"email": "zoe+desk@b.example"}, Search(email="zoe+desk@b.example")),
        ({"email": "o'hara&sons=x@b.example"}, Search(email="O'Hara&Sons=x@b.example")),
        ({"lastName": "x" * 200}, Search(name="x" * 250)),
    ],
    ids=["a plus", "what separates parameters", "a name of the longest kind"],
)
def test_what_could_break_a_query_finds_its_contact(customer, connection, values, search):
    made = customer.vendor.writer.create(connection, "contacts", {"lastName": "Plus", **values})
    assert [record.id for record in customer.vendor.reader.find(connection, "contacts", search)] == [made.id]
