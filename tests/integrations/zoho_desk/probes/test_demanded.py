from __future__ import annotations

import pytest

from integrations.zoho_desk.probes import demanded


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ({"allowedValues": ["-None-", "Billing"]}, "Billing"),
        ({"allowedValues": [{"value": "-None-"}, {"value": "Billing"}]}, "Billing"),
        ({"type": "Number", "allowedValues": []}, "1"),
        ({"type": "Date"}, "2026-01-01"),
        ({"type": "Text"}, "Deskline zoho_check"),
        ({}, "Deskline zoho_check"),
    ],
)
def test_a_field_gets_the_first_value_of_its_list_or_one_of_its_type(entry, value):
    assert demanded.filled({"cf_reason": entry}, ["cf_reason", "subject"]) == {"cf_reason": value}


@pytest.mark.parametrize(
    ("entry", "is_demanded"),
    [
        ({"isMandatory": True}, True),
        ({"isSystemMandatory": "true"}, True),
        ({"isMandatory": False}, False),
        ({}, False),
    ],
)
def test_a_custom_field_that_the_layout_marks_is_demanded(entry, is_demanded):
    layout = {"cf_reason": entry, "subject": {"isMandatory": True}}
    assert demanded.names(layout) == ({"cf_reason"} if is_demanded else set())
