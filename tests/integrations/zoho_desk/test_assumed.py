from __future__ import annotations

import json
from dataclasses import replace

import pytest

from integrations.errors import Misconfigured
from integrations.zoho_desk import datacentres
from integrations.zoho_desk.assumptions import assumed


@pytest.fixture(autouse=True)
def _put_back():
    before = replace(assumed)
    yield
    assumed.__dict__.update(before.__dict__)


@pytest.fixture
def extend(tmp_path):
    """Give the operator's file with these assumptions to the product."""

    def extend(values):
        path = tmp_path / "zoho.json"
        path.write_text(json.dumps({"locations": {}, "assumed": values}))
        datacentres.extend(path)

    return extend


def test_the_operators_file_corrects_what_is_assumed_of_zoho(customer, extend):
    values = {"contactId": "1", "departmentId": "1", "subject": "x", "startTime": "2026-11-23T09:30:00.000Z"}
    values |= {"direction": "inbound", "duration": "1", "status": "answered"}
    assert set(customer.vendor.writer.validation_errors("calls", values)) == {"status"}
    extend(
        {
            "settle_seconds": 90,
            "second_address": "email",
            "further_call_statuses": ["Answered"],
            "further_scopes": ["Desk.calls.DELETE"],
        }
    )
    assert customer.vendor.reader.settle_seconds == 90
    assert customer.vendor.writer.validation_errors("calls", values) == {}
    assert "Desk.calls.DELETE" in customer.grant().scopes


@pytest.mark.parametrize(
    "values",
    [[], {"settle_second": 3}, {"settle_seconds": 0}, {"settle_seconds": "9"}, {"settle_seconds": True},
     {"furthest_from": 5000}, {"further_call_statuses": "Answered"}, {"further_call_statuses": [""]},
     {"further_scopes": ["aaaserver.profile.READ"]}, {"further_scopes": ["Desk.calls.DELETE,x"]},
     {"second_address": "phone"}, {"settle_seconds": 9, "furthest_from": -1}],
)  # fmt: skip
def test_a_wrong_assumption_is_refused_in_words_and_changes_nothing(extend, values):
    before = replace(assumed)
    with pytest.raises(Misconfigured, match="data-centre file"):
        extend(values)
    assert assumed == before
