from __future__ import annotations

import pytest

from crm.models import CRMField, FieldType
from crm.values import ValueProblem, convert


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldType.SHORT_TEXT, "two\n lines", "two lines"),
        (FieldType.LONG_TEXT, "two\nlines", "two\nlines"),
        (FieldType.NUMBER, "12", 12),
        (FieldType.NUMBER, "-1.5", -1.5),
        (FieldType.BOOLEAN, "True", True),
        (FieldType.BOOLEAN, "no", False),
        (FieldType.DATE, "2026-11-23", "2026-11-23"),
        (FieldType.DATE, "2026-11-23T23:59:00Z", "2026-11-23"),
        (FieldType.DATETIME, "2026-11-23T10:30:00+01:00", "2026-11-23T09:30:00.000Z"),
        (FieldType.TIME, "09:30", "09:30:00"),
        (FieldType.URL, "https://pbx.example/r/1.wav", "https://pbx.example/r/1.wav"),
        (FieldType.PHONE, "(0)6 12-34-56-78", "0612345678"),
        (FieldType.PHONE, "+33 6 12 34 56 78", "+33612345678"),
        (FieldType.PHONE, "1001", "1001"),
        (FieldType.EMAIL, "a@example.com", "a@example.com"),
        (FieldType.LIST, "gold", "gold"),
    ],
)
def test_a_text_becomes_the_value_of_its_type(kind, text, value):
    assert convert(CRMField(type=kind, choices=["gold", "silver"]), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldType.NUMBER, "twelve"),
        (FieldType.NUMBER, "1e999999999"),
        (FieldType.NUMBER, "9" * 5_000),
        (FieldType.NUMBER, "٣"),
        (FieldType.NUMBER, "nan"),
        (FieldType.BOOLEAN, "perhaps"),
        (FieldType.DATE, "2026-13-45"),
        (FieldType.DATETIME, "yesterday"),
        (FieldType.DATETIME, "0001-01-01T00:00:00+14:00"),
        (FieldType.DATE, "9999-12-31T23:59:59-14:00"),
        (FieldType.TIME, "25:61"),
        (FieldType.URL, "javascript:alert(1)"),
        (FieldType.URL, "file:///etc/passwd"),
        (FieldType.PHONE, "anonymous"),
        (FieldType.EMAIL, "nobody"),
        (FieldType.LIST, "bronze"),
    ],
)
def test_a_text_that_its_type_cannot_take_is_refused_with_what_it_takes(kind, text):
    with pytest.raises(ValueProblem, match=r"needs|Use one of"):
        convert(CRMField(type=kind, choices=["gold", "silver"]), text)


def test_the_default_of_the_seed_stands_in_a_field_of_type_url():
    assert convert(CRMField(type=FieldType.URL, default="--"), "--") == "--"


def test_a_pattern_is_asked_before_the_type():
    field = CRMField(type=FieldType.SHORT_TEXT, pattern=r"[A-Z]{3}")
    assert convert(field, "ABC") == "ABC"
    with pytest.raises(ValueProblem, match="pattern"):
        convert(field, "abc")
