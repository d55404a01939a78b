"""A list that is typed line by line."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from crm.admin.forms import LinesField

LINES = LinesField(required=False)


def test_each_line_is_an_item_and_empty_lines_and_repeats_are_none():
    assert LINES.clean(" Support \r\n\r\nSales\r\nSupport\r\n") == ["Support", "Sales"]
    assert LINES.clean("") == []


def test_a_list_is_shown_as_lines_and_posting_these_back_changes_nothing():
    shown = LINES.prepare_value(["Support", "Sales"])
    assert shown == "Support\nSales"
    assert not LINES.has_changed(["Support", "Sales"], shown)
    assert LINES.has_changed(["Support", "Sales"], "Support")


def test_a_character_that_no_database_keeps_is_refused():
    with pytest.raises(ValidationError):
        LINES.clean("Support\n\0")
