"""Zoho Desk keeps the contract, as its defaults are and under each other answer of every knob (ZOHO.md 8)."""

from __future__ import annotations

from typing import Any

import pytest

from fakezoho import knobs
from tests.integrations.contract import Harness, IntegrationContract

SINGLE = {
    f"{knob.name}={answer}": {knob.name: answer}
    for knob in knobs.names()
    for answer in knobs.answers(knob)
    if answer != knob.default and knob.name != "phone_search"
}
"""Every knob that has more than one answer, turned to each of the others. But if Zoho compared numbers letter by
letter, a national number would be found in no other form than its own: `test_records` says what is found then."""

GUESSES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "no minus sign, lists from 0": {"minus_sort": False, "list_base": 0},
    "counts and booleans as text": {"count_as_text": True, "booleans_as_text": True},
    **SINGLE,
}


class ZohoHarness(Harness):
    card_module = "contacts"
    log_module = "calls"

    def __init__(self, customer):
        self.customer = customer
        self.vendor = customer.vendor
        self.connection = customer.connection()

    def card(self, **values):
        first, _, last = str(values.pop("name", "Test Person")).partition(" ")
        return {"firstName": first, "lastName": last, **values}

    def log(self, card_id):
        return {
            "contactId": card_id,
            "departmentId": self.customer.department(),
            "subject": "Contract call",
            "startTime": "2026-11-23T09:30:00.000Z",
            "direction": "inbound",
            "duration": "65",
            "status": "Completed",
        }

    def lose_next_answer(self):
        self.customer.zoho.fault("lost_answer", "POST", "/api/v1/*")

    def drop_next_write(self):
        self.customer.zoho.fault("drop_before", "POST", "/api/v1/*")

    def drop_next_reading(self):
        self.customer.zoho.fault("drop_before", "GET", "/api/v1/*")

    def refuse_next_token(self):
        self.customer.zoho.fault("html_401", "", "/api/v1/*")

    def remove_card(self, card_id):
        zoho = self.customer.zoho
        module = zoho.world.portal("eu", "acme").modules["contacts"]
        zoho.do(lambda: module.records.pop(card_id))

    def count(self, module):
        return len(self.customer.zoho.records("eu", "acme", module))


class TestZohoDesk(IntegrationContract):
    @pytest.fixture(params=GUESSES, ids=str)
    def harness(self, request, customer):
        customer.zoho.set_knobs(**GUESSES[request.param])
        return ZohoHarness(customer)
