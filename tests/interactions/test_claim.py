"""Claims take as long behind a hundred thousand due deliveries as behind ten, and begin with few."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions import tasks
from interactions.engine import claim, lanes, shift
from interactions.models import Delivery, DeliveryState
from tests.interactions.steps import post

pytestmark = pytest.mark.django_db(transaction=True)

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole.")


def plan(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@on_sqlite
def test_a_claim_sorts_nothing_and_looks_through_nothing(crm, method, vendor):
    for number in range(20):
        post(f"r{number}")
    with CaptureQueriesContext(connection) as asked:
        assert len(claim.take(method.pk)) == claim.BATCH
    search, update = (query["sql"] for query in asked if query["sql"].startswith(("SELECT", "UPDATE")))
    assert plan(search).startswith("SEARCH interactions_delivery USING INDEX delivery_next")
    assert "TEMP" not in plan(search)
    assert "USING INTEGER PRIMARY KEY" in plan(update)


def test_the_first_hands_leave_something_for_others(crm, method, vendor, monkeypatch):
    seen = []
    monkeypatch.setattr(shift, "deliver", lambda one, tour: seen.append(waiting()))

    def waiting():
        return Delivery.objects.filter(state=DeliveryState.PENDING).count()

    for number in range(20):
        post(f"r{number}")
    tasks._shift(method.pk)
    assert len(seen) == 20
    assert seen[0] == 20 - claim.FIRST
    assert seen[claim.FIRST] == 20 - claim.FIRST - claim.BATCH


def test_a_shift_makes_way_after_a_while_and_gives_back_what_it_did_not_begin(crm, method, vendor, monkeypatch):
    for number in range(5):
        post(f"r{number}")
    monkeypatch.setattr(tasks, "SHIFT_SECONDS", 0.2)
    vendor.before = lambda kind: time.sleep(0.15)
    assert tasks._shift(method.pk)
    states = [delivery.state for delivery in Delivery.objects.order_by("pk")]
    assert states == [DeliveryState.DELIVERED, *[DeliveryState.PENDING] * 4]


def test_a_connection_is_slow_by_what_its_deliveries_take_each(crm, method, vendor, monkeypatch):
    vendor.before = lambda kind: time.sleep(0.02)
    for slow, width in ((10.0, lanes.LANES), (0.001, lanes.SLOW_LANES)):
        monkeypatch.setattr(shift, "SLOW_SECONDS", slow)
        for number in range(4):
            post(f"{slow}-{number}")
        tasks._shift(method.pk)
        assert free_lanes(method) == width
    tasks._shift(method.pk)
    assert free_lanes(method) == lanes.SLOW_LANES, "a shift with nothing to do says nothing of the connection"


def free_lanes(method):
    with ExitStack() as stack:
        return sum(stack.enter_context(lanes.lane(method.pk)) for _ in range(lanes.LANES + 1))
