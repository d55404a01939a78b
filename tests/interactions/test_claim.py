"""Claims take as long behind a hundred thousand due deliveries as behind ten."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.models import Delivery, DeliveryState
from interactions.queue import claim
from interactions.worker import drain
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


def test_a_drain_makes_way_after_a_while_and_gives_back_what_it_did_not_begin(crm, method, vendor):
    for number in range(5):
        post(f"r{number}")
    vendor.before = lambda kind: time.sleep(0.15)
    assert not drain.work(method.pk, 0.2).in_trouble
    states = [delivery.state for delivery in Delivery.objects.order_by("pk")]
    assert states == [DeliveryState.DELIVERED, *[DeliveryState.PENDING] * 4]


def test_a_connection_is_slow_by_what_its_deliveries_take_each(crm, method, vendor, monkeypatch):
    vendor.before = lambda kind: time.sleep(0.02)
    for slow in (10.0, 0.001):
        monkeypatch.setattr(drain, "SLOW_SECONDS", slow)
        for number in range(4):
            post(f"{slow}-{number}")
        assert drain.work(method.pk, 2.0).is_slow == (slow < 1)
