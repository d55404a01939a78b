"""Zoho Desk keeps the contract, as the knobs of the local Zoho stand and under every other value of every knob."""

from __future__ import annotations

import pytest

from fakezoho import knobs
from integrations.zoho_desk.assumptions import assumed
from tests.integrations.contract import IntegrationContract
from tests.integrations.zoho_desk.harness import ZohoHarness
from tests.integrations.zoho_desk.knob_values import CORRECTED, TELLING, TURNED, other_values


class TestZohoDesk(IntegrationContract):
    @pytest.fixture(params=TURNED, ids=str)
    def harness(self, request, customer, monkeypatch):
        for name, value in CORRECTED.get(request.param, {}).items():
            monkeypatch.setattr(assumed, name, value)
        customer.zoho.set_knobs(**TURNED[request.param])
        return ZohoHarness(customer)


@pytest.mark.parametrize("knob", knobs.names(), ids=lambda knob: knob.name)
def test_every_knob_is_in_the_contracts_run(knob):
    values = other_values(knob)
    assert values, f"The knob {knob.name} needs values in knob_values.py under which the contract is run."
    assert knob.default not in values
    assert {knobs.read(knob, value) for value in values} == set(values)
    for value in values:
        assert TURNED[f"{knob.name}={value}"] == {knob.name: value}


def test_nothing_is_corrected_for_a_run_that_is_none():
    assert set(CORRECTED) <= set(TURNED)


def test_no_value_is_named_for_a_knob_that_is_gone_or_has_choices():
    assert set(TELLING) == {knob.name for knob in knobs.names() if not knobs.answers(knob)}
