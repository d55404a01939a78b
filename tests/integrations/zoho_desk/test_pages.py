"""A list whose `from` goes less far than we assume: the spec says 999, 4999 was seen (docs/zoho-facts.md 4.7)."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.errors import OutcomeUnknown, Refused
from integrations.zoho_desk.pages import Newest

FURTHEST = 999


class Desk:
    """A list of `length` records, which the local Zoho shows to any `from`; this one does not."""

    def __init__(self, length, *, minus_sort):
        self.ids = [str(number) for number in range(length)]
        self.minus_sort = minus_sort

    def page(self, connection, path, params):
        order, start, limit = params["sortBy"], int(params.get("from", 0)), int(params["limit"])
        if start > FURTHEST or limit > 99 or (order.startswith("-") and not self.minus_sort):
            raise Refused("Refused.", status=422)
        ids = self.ids[::-1] if order.startswith("-") else self.ids
        return [{"id": identity} for identity in ids[start : start + limit]]


def newest(desk: Any) -> Newest:
    connection: Any = None
    return Newest(desk, connection, "/calls", {})


def read(length, *, minus_sort, until=""):
    records = newest(Desk(length, minus_sort=minus_sort))
    return [entry["id"] for entry in records(lambda entry: entry["id"] == until)]


@pytest.mark.parametrize("minus_sort", [True, False], ids=["newest first", "no minus sign"])
@pytest.mark.parametrize("length", [0, 1, 98, 99, 100, 189, 500, 1079])
def test_all_of_a_list_within_reach_is_read_newest_first(length, minus_sort):
    assert read(length, minus_sort=minus_sort) == [str(number) for number in range(length)][::-1]


@pytest.mark.parametrize("minus_sort", [True, False], ids=["newest first", "no minus sign"])
@pytest.mark.parametrize("length", [1090, 5000])
def test_a_longer_list_is_never_taken_to_be_read_to_its_end(length, minus_sort):
    with pytest.raises(OutcomeUnknown, match="a person decides"):
        read(length, minus_sort=minus_sort)


def test_what_is_sought_is_found_before_the_reach_ends():
    assert read(5000, minus_sort=True, until="4500") == [str(number) for number in range(4999, 4500, -1)]


def test_a_refusal_of_another_kind_is_passed_on():
    class Broken(Desk):
        def page(self, connection, path, params):
            raise Refused("Refused.", status=400)

    with pytest.raises(Refused):
        list(newest(Broken(1, minus_sort=True))(lambda entry: False))
