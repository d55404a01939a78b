"""What we ask of a consent, should one of the families of scopes that Zoho lists for a request not be enough (4.4)."""

from __future__ import annotations

import pytest

from fakezoho.spec import operations
from integrations.errors import Misconfigured, Unauthorised
from integrations.zoho_desk import scopes
from integrations.zoho_desk.assumptions import assumed

SENT = (
    "getOrganizations", "getAgentByZuid", "getMyInfo", "getDepartments", "getFields", "getLayouts", "getLayout",
    "getContacts", "getContact", "searchContacts", "createContact", "updateContact",
    "getCalls", "getCall", "getCallsByTicket", "searchCalls", "createCall", "updateCall",
    "getTickets", "getTicket", "searchTickets", "createTicket", "updateTicket",
)  # fmt: skip


def granted(customer, *names):
    """What the consent gives that asks for ours and these."""
    assert set(names) < set(customer.grant().scopes)
    return customer.connection()


@pytest.mark.parametrize(("refusal", "error"), [("SCOPE_MISMATCH", Misconfigured), ("INVALID_OAUTH", Unauthorised)])
def test_where_all_families_are_needed_the_refusal_names_the_setting(customer, connection, refusal, error):
    customer.zoho.set_knobs(scope_lists="all", scope_refusal=refusal)
    for ask in (customer.vendor.directory.organisations, customer.vendor.directory.departments):
        with pytest.raises(error, match="further_scopes") as caught:
            ask(connection)
        assert caught.value.code == refusal
        assert "nothing was written" in caught.value.message
        assert "docs/zoho-smoke.md" in caught.value.message


@pytest.mark.parametrize("lists", ["any", "all"])
def test_with_the_other_families_all_is_answered_whether_they_are_needed_or_not(customer, monkeypatch, lists):
    customer.zoho.set_knobs(scope_lists=lists)
    monkeypatch.setattr(assumed, "further_scopes", scopes.OTHER_FAMILIES)
    at, connection = customer.mark(), granted(customer, *scopes.OTHER_FAMILIES)
    vendor = customer.vendor
    assert vendor.directory.organisations(connection)
    assert vendor.directory.departments(connection)
    assert vendor.schema.fields(connection, "calls")
    assert not [entry for entry in customer.zoho.journal(at) if entry["status"] in (401, 403)]


def test_the_other_families_are_those_that_the_files_list_besides_ours():
    listed = {scope for name in SENT for family in operations()[name].scopes for scope in family}
    own = {scope.name.lower() for scope in scopes.API}
    assert own <= listed
    assert sorted(name.lower() for name in scopes.OTHER_FAMILIES) == sorted(listed - own)
