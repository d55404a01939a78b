from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.errors import IntegrationError, Misconfigured, OutcomeUnknown
from integrations.types import Search, Sought
from integrations.zoho_desk import pagination
from integrations.zoho_desk.assumptions import assumed

MARKER = "DL-8F3K2M9Q"


def call(customer, **more):
    return {
        "contactId": str(customer.contact("Poulain")["id"]),
        "departmentId": customer.department(),
        "subject": "A call",
        "startTime": "2026-11-23T09:30:00.000Z",
        "direction": "inbound",
        "duration": "65",
        "status": "Completed",
        **more,
    }


def sought(values, marker=MARKER, since=None, module="calls"):
    return Sought(module, marker, since or datetime.now(UTC) - timedelta(seconds=5), values)


def copies(customer, number, **more):
    """So many calls that others wrote after ours, put straight into the local Zoho."""
    portal = customer.zoho.world.portal("eu", "acme")
    module = portal.modules["calls"]
    template = dict(next(iter(module.records.values())))

    def put():
        now = customer.zoho.world.clock.now()
        for _ in range(number):
            made = portal.new_id()
            record = {**template, "id": made, "subject": f"Other {made}", "cf": {}, **more}
            module.put(record, now)

    customer.zoho.do(put)


@pytest.fixture(params=[0, 1], ids=["lists from 0", "lists from 1"])
def base(request, customer):
    customer.zoho.set_knobs(list_base=request.param)


@pytest.mark.parametrize("minus_sort", [True, False], ids=["newest first", "no minus sign"])
@pytest.mark.parametrize("newer", [0, 99, 100, 101, 250])
def test_a_call_is_found_behind_many_newer_ones(customer, connection, base, minus_sort, newer):
    customer.zoho.set_knobs(minus_sort=minus_sort)
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    copies(customer, newer)
    since = datetime.now(UTC) - timedelta(hours=1)
    found = customer.vendor.look_up.look_for(connection, sought(values, since=since))
    assert found is not None
    assert found.id == made.id


@pytest.mark.parametrize("minus_sort", [True, False])
def test_looking_stops_at_calls_older_than_the_write_and_its_slack(customer, connection, base, minus_sort):
    customer.zoho.set_knobs(minus_sort=minus_sort)
    values = call(customer)
    customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    copies(customer, 150)
    customer.zoho.advance(3600)
    customer.vendor.writer.create(connection, "calls", values, marker="DL-OTHER")
    at = customer.mark()
    since = datetime.now(UTC) + timedelta(seconds=3600)
    assert customer.vendor.look_up.look_for(connection, sought(values, "DL-MISSING", since)) is None
    lists = [line for line in customer.sent(at) if line == "GET /calls"]
    assert len(lists) <= (1 if minus_sort else 9)


def test_calls_deleted_while_the_list_is_read_hide_none(customer, connection, base, monkeypatch):
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    copies(customer, 102)
    customer.zoho.fault("forbidden", "GET", "/api/v1/calls/search", count=5)
    module = customer.zoho.world.portal("eu", "acme").modules["calls"]
    read = pagination.Newest._page

    def page_and_five_deletions(self, start, order):
        page = read(self, start, order)
        for entry in page[:5]:
            customer.zoho.do(lambda gone=entry["id"]: module.remove(gone, customer.zoho.world.clock.now()))
        return page

    monkeypatch.setattr(pagination.Newest, "_page", page_and_five_deletions)
    found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found is not None
    assert found.id == made.id


def test_a_clock_a_little_behind_hides_nothing(customer, connection):
    customer.zoho.set_knobs(search_lag=3600.0)  # nor does the search make up for it
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    since = datetime.now(UTC) + timedelta(seconds=290)
    found = customer.vendor.look_up.look_for(connection, sought(values, since=since))
    assert found is not None
    assert found.id == made.id


def test_of_several_hits_the_oldest_is_the_one(customer, connection):
    values = call(customer)
    first = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    customer.zoho.advance(2)
    customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found is not None
    assert found.id == first.id


@pytest.mark.parametrize(
    "subject", ["A call [DL-8F3K2M9]", "A call DL-8F3K2M9Q", "[DL-8F3K2M9Q] A call", "A call [dl-8f3k2m9q]"]
)
def test_only_exactly_the_marker_counts(customer, connection, subject):
    customer.zoho.set_knobs(custom_fields=False)
    values = call(customer, subject=subject)
    customer.vendor.writer.create(connection, "calls", values)
    assert customer.vendor.look_up.look_for(connection, sought(values)) is None


def test_a_call_whose_subject_an_agent_rewrote_is_found_by_our_field(customer, connection):
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    module = customer.zoho.world.portal("eu", "acme").modules["calls"]
    customer.zoho.do(lambda: module.records[made.id].update(subject="Rewritten"))
    found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found is not None
    assert found.id == made.id


def test_a_call_moved_to_another_department_is_found_by_the_search(customer, connection):
    customer.zoho.set_knobs(custom_fields=False)
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    other = str(customer.zoho.records("eu", "acme", "departments")[1]["id"])
    customer.vendor.writer.update(connection, "calls", made.id, {"departmentId": other})
    found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found is not None
    assert found.id == made.id


def test_a_lagging_search_hides_nothing_that_the_list_shows(customer, connection):
    customer.zoho.set_knobs(search_lag=3600.0)
    values = call(customer)
    customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    assert customer.vendor.look_up.look_for(connection, sought(values))


def test_a_refused_search_decides_nothing(customer, connection):
    values = call(customer)
    customer.zoho.fault("forbidden", "GET", "/api/v1/calls/search", count=5)
    assert customer.vendor.look_up.look_for(connection, sought(values)) is None


@pytest.mark.parametrize("fault", ["500", "502_html", "drop_before", "429_concurrency", "forbidden"])
def test_a_list_that_cannot_be_read_is_never_taken_for_absence(customer, connection, fault):
    values = call(customer)
    customer.zoho.fault(fault, "GET", "/api/v1/calls", count=5)
    with pytest.raises(IntegrationError):
        customer.vendor.look_up.look_for(connection, sought(values))


@pytest.mark.parametrize("minus_sort", [True, False])
def test_a_list_that_zoho_shows_too_little_of_is_never_taken_for_absence(customer, connection, monkeypatch, minus_sort):
    monkeypatch.setattr(assumed, "furthest_from", 200)
    customer.zoho.set_knobs(minus_sort=minus_sort)
    values = call(customer)
    customer.vendor.writer.create(connection, "calls", values, marker="DL-OTHER")
    copies(customer, 450)
    with pytest.raises(OutcomeUnknown, match="a person decides"):
        customer.vendor.look_up.look_for(connection, sought(values, since=datetime.now(UTC) - timedelta(hours=1)))


def test_a_call_on_a_ticket_is_looked_for_among_the_tickets_calls_first(customer, connection):
    contact = str(customer.contact("Poulain")["id"])
    ticket = customer.vendor.writer.create(
        connection, "tickets", {"subject": "T", "departmentId": customer.department(), "contactId": contact}
    )
    values = call(customer, ticketId=ticket.id)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    at = customer.mark()
    found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found is not None
    assert found.id == made.id
    assert customer.sent(at) == [f"GET /tickets/{ticket.id}/calls"]


def test_a_ticket_that_is_gone_leaves_the_departments_list(customer, connection):
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    found = customer.vendor.look_up.look_for(connection, sought({**values, "ticketId": "198400000009999999"}))
    assert found is not None
    assert found.id == made.id


def test_a_marked_ticket_is_found(customer, connection):
    values = {
        "subject": "Please call back",
        "departmentId": customer.department(),
        "contactId": str(customer.contact("Poulain")["id"]),
    }
    made = customer.vendor.writer.create(connection, "tickets", values, marker=MARKER)
    found = customer.vendor.look_up.look_for(connection, sought(values, module="tickets"))
    assert found is not None
    assert found.id == made.id
    assert made.title == f"Please call back [{MARKER}]"


@pytest.mark.parametrize("minus_sort", [True, False])
def test_a_new_contact_is_recognised_by_number_email_or_name_but_only_if_it_is_new(customer, connection, minus_sort):
    customer.zoho.set_knobs(minus_sort=minus_sort, search_lag=3600.0)
    old = customer.contact("Poulain")
    assert customer.vendor.look_up.look_for(connection, sought({"phone": old["phone"]}, "", module="contacts")) is None
    values = {"lastName": "New", "phone": "+33 1 88 00 00 01", "email": "new@new.example"}
    made = customer.vendor.writer.create(connection, "contacts", values)
    for known in (
        {"phone": "0188000001"},
        {"mobile": "+33188000001"},
        {"email": "NEW@new.example"},
        {"lastName": "New"},
    ):
        found = customer.vendor.look_up.look_for(connection, sought(known, "", module="contacts"))
        assert found is not None, known
        assert found.id == made.id
    assert customer.vendor.look_up.look_for(connection, sought({"lastName": "Newer"}, "", module="contacts")) is None
    assert customer.vendor.look_up.look_for(connection, sought({}, "", module="contacts")) is None


def test_a_contact_in_the_bin_is_not_the_one(customer, connection):
    made = customer.vendor.writer.create(connection, "contacts", {"lastName": "Binned", "phone": "+33188000002"})
    module = customer.zoho.world.portal("eu", "acme").modules["contacts"]
    customer.zoho.do(lambda: module.records[made.id].update(isTrashed=True))
    trashed = sought({"phone": "+33188000002"}, "", module="contacts")
    assert customer.vendor.look_up.look_for(connection, trashed) is None
    assert customer.vendor.reader.find(connection, "contacts", Search(phone="+33188000002")) == []


def test_without_a_marker_nothing_is_asked(customer, connection):
    at = customer.mark()
    assert customer.vendor.look_up.look_for(connection, sought(call(customer), marker="")) is None
    assert customer.sent(at) == []


def test_a_wrong_portal_is_a_wrong_setting_not_an_absence(customer, connection):
    with pytest.raises(Misconfigured):
        customer.vendor.look_up.look_for(replace(connection, organisation_id="999"), sought(call(customer)))


@pytest.mark.parametrize("name", [{"firstName": "Hidden", "lastName": "Number"}, {}])
def test_a_new_contact_whose_number_zoho_hides_is_known_by_its_name(customer, connection, name):
    made = customer.vendor.writer.create(connection, "contacts", {**name, "phone": "+33188000003"})
    customer.vendor.writer.create(connection, "contacts", {"lastName": "Somebody Else", "phone": "+33188000004"})
    customer.zoho.set_knobs(hidden_fields="phone,mobile")
    wanted = sought({**name, "phone": "+33188000003"}, "", module="contacts")
    found = customer.vendor.look_up.look_for(connection, wanted)
    assert found is not None
    assert found.id == made.id


@pytest.mark.parametrize("name", [{"firstName": "Front", "lastName": "Desk"}, {}])
def test_a_new_contact_with_an_extension_that_is_compared_with_nobodys_is_known_by_its_name(customer, connection, name):
    made = customer.vendor.writer.create(connection, "contacts", {**name, "phone": "4101"})
    customer.vendor.writer.create(connection, "contacts", {"lastName": "Somebody Else", "phone": "4102"})
    found = customer.vendor.look_up.look_for(connection, sought({**name, "phone": "4101"}, "", module="contacts"))
    assert found is not None
    assert found.id == made.id


def test_a_list_that_hides_when_its_calls_were_made_is_read_all_the_same(customer, connection):
    customer.zoho.set_knobs(hidden_fields="createdTime")
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    copies(customer, 150)
    found = customer.vendor.look_up.look_for(connection, sought(values))
    assert found is not None
    assert found.id == made.id


@pytest.mark.parametrize("compared", ["anywhere", "words"])
def test_the_second_look_finds_a_marker_whether_or_not_a_leading_star_is_heeded(customer, connection, compared):
    customer.zoho.set_knobs(subject_search=compared, custom_fields=False)
    values = call(customer)
    made = customer.vendor.writer.create(connection, "calls", values, marker=MARKER)
    customer.zoho.advance(600)
    elsewhere = {**values, "departmentId": "1" * 18}  # the list that is looked at does not show it
    found = customer.vendor.look_up.look_for(connection, sought(elsewhere))
    assert found is not None
    assert found.id == made.id
