from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.errors import Misconfigured, Refused
from integrations.types import Budget, Choice
from integrations.zoho_desk import directory, limits
from tests.outbound.listener import answer, listening

ADA = "20071000001"
DENNIS = "20071000005"


def test_the_portals_of_a_token_are_listed_before_one_is_chosen(customer, connection):
    [acme] = customer.vendor.directory.organisations(connection)
    assert (acme.id, acme.portal, acme.is_sandbox, acme.edition) == ("20098765431", "acme", False, "ENTERPRISE")
    assert acme.url


def test_a_sandbox_says_that_it_is_one_even_as_text(customer):
    customer.zoho.set_knobs(portal_binding="all", booleans_as_text=True)
    sandboxes = {
        found.portal: found.is_sandbox for found in customer.vendor.directory.organisations(customer.connection())
    }
    assert sandboxes == {"acme": False, "acmesandbox": True}


@pytest.mark.parametrize(("subject", "active"), [(ADA, True), (DENNIS, False)])
def test_an_agent_is_known_by_his_zuid(customer, connection, subject, active):
    agent = customer.vendor.directory.agent(connection, subject)
    assert agent is not None
    assert (agent.subject, agent.active) == (subject, active)
    assert agent.email.endswith("@acme.example")


def test_a_stranger_is_no_agent(customer, connection):
    assert customer.vendor.directory.agent(connection, "20071000099") is None


@pytest.mark.parametrize("subject", ["", "../1", "ada@acme.example", "1?x"])
def test_a_zuid_that_is_no_number_is_not_asked_for(customer, connection, subject):
    with pytest.raises(Refused):
        customer.vendor.directory.agent(connection, subject)


@pytest.mark.parametrize("base", [0, 1])
def test_departments_come_by_name_and_all_of_them(customer, connection, monkeypatch, base):
    monkeypatch.setattr(directory, "DEPARTMENTS_PER_PAGE", 2)
    customer.zoho.set_knobs(list_base=base)
    portal = customer.zoho.world.portal("eu", "acme")
    support = customer.zoho.records("eu", "acme", "departments")[0]
    more = [{**support, "id": f"19840000000009{n}", "name": f"Team {n}"} for n in range(1, 6)]
    customer.zoho.do(lambda: [portal.modules["departments"].put(department, 0.0) for department in more])
    names = [choice.label for choice in customer.vendor.directory.departments(connection)]
    assert names == ["Sales", "Support", *(f"Team {n}" for n in range(1, 6))]


def test_departments_end_even_if_the_same_page_comes_again_and_again(customer, connection, outbound, monkeypatch):
    monkeypatch.setattr(directory, "DEPARTMENTS_PER_PAGE", 1)
    row = customer.centres.get("eu")
    with listening(answer(b'{"data": [{"id": "1", "name": "Support"}]}')) as server:
        outbound.trust(server.url)
        customer.centres.rows["eu"] = replace(row, desk=server.url)
        assert customer.vendor.directory.departments(connection) == [Choice("1", "Support")]
        assert server.received.count(b"GET /api/v1/departments") == 2


def test_a_disabled_department_is_not_offered(customer, connection):
    module = customer.zoho.world.portal("eu", "acme").modules["departments"]
    sales = customer.zoho.records("eu", "acme", "departments")[1]
    customer.zoho.do(lambda: module.records[sales["id"]].update(isEnabled=False))
    assert [choice.label for choice in customer.vendor.directory.departments(connection)] == ["Support"]


@pytest.mark.parametrize("in_fields", [True, False], ids=["values in /fields", "values in the layout only"])
def test_the_values_of_a_picklist_are_found_wherever_zoho_has_them(customer, connection, in_fields):
    customer.zoho.set_knobs(picklists_in_fields=in_fields)
    fields = {field.api_name: field for field in customer.vendor.schema.fields(connection, "calls")}
    assert "Completed" in fields["status"].choices
    assert fields["subject"].required


def test_a_mandatory_custom_field_is_seen_before_anything_is_refused(customer, connection):
    customer.zoho.set_knobs(mandatory_fields="cf_reason")
    fields = {field.api_name: field for field in customer.vendor.schema.fields(connection, "calls")}
    assert fields["cf_reason"].required


def test_the_default_layout_is_known_when_zoho_says_so_in_text(customer, connection, outbound):
    """Some of its booleans come as text (docs/zoho-facts.md 4.7)."""
    pages = [b'{"data": [{"id": "9", "apiName": "cf_reason"}]}', b'{"data": [{"id": "1"}, %s]}', b'{"id": "2"}']
    pages[1] %= b'{"id": "2", "isDefaultLayout": "true"}'
    row = customer.centres.get("eu")
    with listening(*(answer(page, head="Connection: close\r\n") for page in pages)) as server:
        outbound.trust(server.url)
        customer.centres.rows["eu"] = replace(row, desk=server.url)
        customer.vendor.schema.fields(connection, "calls")
        assert b"GET /api/v1/layouts/2 " in server.received


def test_a_layout_that_may_not_be_read_leaves_the_fields(customer, connection):
    customer.zoho.fault("forbidden", "GET", "/api/v1/layouts*")
    assert {field.api_name for field in customer.vendor.schema.fields(connection, "contacts")} >= {
        "lastName",
        "phone",
        "email",
    }


def test_fields_that_may_not_be_read_are_an_error_for_the_check(customer, connection):
    customer.zoho.fault("forbidden", "GET", "/api/v1/fields")
    with pytest.raises(Misconfigured):
        customer.vendor.schema.fields(connection, "contacts")


@pytest.mark.parametrize(
    ("location", "edition", "budget"),
    [
        ("eu", "ENTERPRISE", Budget(25, "Europe/Amsterdam")),
        ("us", "free", Budget(5, "America/Los_Angeles")),
        ("in", "Professional", Budget(15, "Asia/Kolkata")),
        ("lab", "SOMETHING", Budget(4, "UTC")),
        ("eu", "", Budget(4, "Europe/Amsterdam")),
    ],
)
def test_a_portals_budget_follows_its_edition_and_data_centre(customer, location, edition, budget):
    assert customer.vendor.limits.budget(location, edition) == budget
    assert limits.PortalLimits().budget(location, edition) == budget
