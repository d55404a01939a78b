"""What the engine delivers beside a bare loop: each a call of a known customer, one worker child, 8 at once, 0 ms."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

from benchmarks.figure import Figure
from benchmarks.stand import bare, traffic
from benchmarks.stand.installation import Installation
from interactions.worker import drain

SLOTS, DELIVERIES, BATCH = 8, 2_000, 20


def measure(installation: Installation) -> Iterator[Figure]:
    bare_rate = bare.per_second(installation.crm, threads=SLOTS, calls=DELIVERIES)
    traffic.post(traffic.CUSTOMERS * 5, "warm")
    with installation.worker() as worker:
        traffic.deliver("warm")
        traffic.post(DELIVERIES, "measured")
        busy, began = worker.cpu_seconds(), time.perf_counter()
        traffic.deliver("measured")
        seconds, busy = time.perf_counter() - began, worker.cpu_seconds() - busy
    rate = DELIVERIES / seconds
    yield Figure("the bare loop", bare_rate, "/s")
    yield Figure("delivered", rate, "/s")
    yield Figure("delivered beside the bare loop", rate / bare_rate, "×", 0.5, least=True)
    yield Figure("CPU of the worker for one delivery", busy / DELIVERIES * 1e3, "ms", 3.0)
    yield Figure(f"statements for one delivery, {BATCH} in a batch", _statements(installation) / BATCH, "", 1.5)


def _statements(installation: Installation) -> int:
    """Of one batch, in this process, its threads included."""
    seen = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    def watch(connection: Any, **_event: Any) -> None:
        connection.execute_wrappers.append(note)

    traffic.post(BATCH, "counted")
    connection_created.connect(watch)
    with connection.execute_wrapper(note):
        drain.work(installation.crm.method_id, 2.0)
    connection_created.disconnect(watch)
    return len(seen)
