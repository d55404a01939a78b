"""A list whose `from` goes less far than we assume: the spec says 999, 4999 was seen (docs/zoho-facts.md 4.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.errors import OutcomeUnknown, Refused
from integrations.zoho_desk.pagination import Newest
from integrations.zoho_desk.serialization import timestamp

FURTHEST = 999
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


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


@pytest.mark.parametrize("identity", [{}, {"id": None}, {"id": ""}])
def test_records_without_an_id_are_not_taken_for_one(identity):
    class Hiding(Desk):
        def page(self, connection, path, params):
            return [{"subject": entry["id"], **identity} for entry in super().page(connection, path, params)]

    shown = [entry["subject"] for entry in newest(Hiding(3, minus_sort=True))(lambda entry: False)]
    assert shown == ["2", "1", "0"]


class Heedless(Desk):
    """Takes `sortBy` without a word and does as it likes: `order` gives the whole list as it comes for that name."""

    def __init__(self, length, order, apart=timedelta(hours=1)):
        super().__init__(length, minus_sort=True)
        self.order, self.apart = order, apart

    def page(self, connection, path, params):
        start = int(params.get("from", 0))
        if start > FURTHEST:
            raise Refused("Refused.", status=422)
        numbers = self.order(range(len(self.ids)), params["sortBy"])
        return [self.record(number) for number in numbers[start : start + int(params["limit"])]]

    def record(self, number):
        return {"id": str(number), "createdTime": timestamp(BEGAN + number * self.apart)}


def always_ascending(numbers, order):
    return list(numbers)


def never_in_order(numbers, order):
    return sorted(numbers, key=lambda number: number * 7919 % 1009)


def in_order_without_a_minus_sign(numbers, order):
    return never_in_order(numbers, order) if order.startswith("-") else list(numbers)


def neighbours_changed_places(numbers, order):
    return sorted(numbers, key=lambda number: number ^ 1, reverse=order.startswith("-"))


def since(desk, number):
    floor = desk.record(number)["createdTime"]
    return {int(entry["id"]) for entry in newest(desk)(lambda entry: entry["createdTime"] < floor)}


@pytest.mark.parametrize("order", [always_ascending, in_order_without_a_minus_sign])
@pytest.mark.parametrize("length", [2, 98, 99, 150, 1079])
@pytest.mark.parametrize("apart", [timedelta(hours=1), timedelta(seconds=10)], ids=["slow", "busy"])
def test_a_minus_sign_that_is_taken_and_not_heeded_makes_nothing_absent(order, length, apart):
    assert since(Heedless(length, order, apart), length - 2) == {length - 2, length - 1}


@pytest.mark.parametrize("length", [2, 98])
def test_a_list_that_is_seen_whole_needs_no_order(length):
    assert since(Heedless(length, never_in_order), length - 2) == {length - 2, length - 1}


@pytest.mark.parametrize("length", [99, 150, 1079])
def test_a_list_in_no_order_at_all_is_never_taken_to_be_read_up_to_a_time(length):
    with pytest.raises(OutcomeUnknown, match="a person decides"):
        since(Heedless(length, never_in_order), length - 2)


def test_records_of_one_minute_may_change_places():
    hasty = Heedless(5000, neighbours_changed_places, apart=timedelta(seconds=30))
    assert since(hasty, 4900) >= set(range(4902, 5000))
