"""E-mail addresses: which Zoho Desk takes, and how a contact's second one is found (zoho-facts 9, 10)."""

from __future__ import annotations

import pytest

from integrations.errors import Misconfigured, Refused
from integrations.types import Search
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.schema import CONTACTS
from integrations.zoho_desk.validation import validation_errors

SECOND = "second@private.example"


@pytest.mark.parametrize("name", ["email", "secondaryEmail"])
@pytest.mark.parametrize(
    "address", ["a..b@c.example", "a.@c.example", "a@b_c.example", "a.b@c.example", "a_b+c@d-e.example", ".a@b.example"]
)
def test_what_zoho_refuses_of_an_address_is_said_before(customer, connection, name, address):
    values = {"lastName": "Dot", name: address}
    said = validation_errors(CONTACTS, values)
    try:
        customer.vendor.writer.create(connection, "contacts", values)
    except Refused as error:
        assert set(error.fields) == set(said) == {name}  # noqa: PT017 - either is right
    else:
        assert said == {}


@pytest.mark.parametrize(("covers", "assumption"), [("first", "_all"), ("both", "_all"), ("both", "email")])
def test_a_contact_is_found_by_its_second_address(customer, connection, monkeypatch, covers, assumption):
    monkeypatch.setattr(assumed, "second_address", assumption)
    customer.zoho.set_knobs(email_search=covers)
    made = customer.vendor.writer.create(connection, "contacts", {"lastName": "Two", "secondaryEmail": SECOND})
    customer.vendor.writer.create(connection, "contacts", {"lastName": "Other", "description": SECOND})
    customer.zoho.advance(600)
    assert [one.id for one in customer.vendor.reader.find(connection, "contacts", Search(email=SECOND.upper()))] == [
        made.id
    ]


def test_a_second_address_that_zoho_hides_is_said_instead_of_taken_for_unknown(customer, connection):
    customer.vendor.writer.create(connection, "contacts", {"lastName": "Two", "secondaryEmail": SECOND})
    customer.zoho.advance(600)
    customer.zoho.set_knobs(hidden_fields="secondaryEmail")
    with pytest.raises(Misconfigured, match="secondaryEmail"):
        customer.vendor.reader.find(connection, "contacts", Search(email=SECOND))
