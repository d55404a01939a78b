"""What no answer, or an answer of nobody that we know, is taken for and how it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.errors import Misconfigured, NotSent, OutcomeUnknown
from tests.outbound.listener import answer, listening


@pytest.mark.parametrize("fault", ["drop_before", "lost_answer", "500", "truncated_json"])
def test_trouble_on_the_way_says_what_it_means_and_what_happens_next(customer, connection, fault):
    customer.zoho.fault(fault, "POST", "/api/v1/contacts")
    with pytest.raises(OutcomeUnknown, match=r"may or may not have been written.+ looked up before"):
        customer.vendor.writer.create(connection, "contacts", {"lastName": "Desk"})
    customer.zoho.fault(fault, "GET", "/api/v1/contacts*")
    with pytest.raises(NotSent, match="Nothing was changed, and it is tried again by itself"):
        customer.vendor.reader.read(connection, "contacts", "1")


@pytest.mark.parametrize("body", [b'{"errorCode": "URL_NOT_FOUND", "message": "x"}', b"<html>"])
def test_an_address_that_zoho_does_not_know_at_all_is_a_wrong_setting_and_no_absence(
    customer, connection, outbound, body
):
    with listening(answer(body, status="404 Not Found")) as server:
        outbound.trust(server.url)
        customer.centres.rows["eu"] = replace(customer.centres.get("eu"), desk=server.url)
        for ask in (customer.vendor.directory.organisations, customer.vendor.directory.departments):
            with pytest.raises(Misconfigured, match=r"does not know this address.+Check the environment URL"):
                ask(connection)
