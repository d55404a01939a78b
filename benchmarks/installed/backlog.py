"""100,000 waiting at one connection, as after a long outage: do the last thousand go as fast as the first?"""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.stand import traffic
from benchmarks.stand.installation import Installation
from benchmarks.stand.processes import wait
from core import clock
from interactions.models import Delivery, DeliveryState
from interactions.queue import recovery

WAITING, MEASURED = 100_000, 1_000


def measure(installation: Installation) -> Iterator[Figure]:
    traffic.post(traffic.CUSTOMERS * 5, "warm")
    with installation.worker() as worker:
        traffic.deliver("warm")
        traffic.post(WAITING, "measured")
        first = _seconds(WAITING - MEASURED)
        _seconds(MEASURED)
        last = _seconds(0)
        memory = worker.megabytes()
    yield Figure("the first thousand", MEASURED / first, "/s")
    yield Figure("the last thousand", MEASURED / last, "/s")
    yield Figure("the last thousand beside the first", last / first, "×", 1.2)
    yield Figure(f"memory of a worker after {WAITING:,}", memory, "MB", 150)
    _due_again()
    yield Figure(f"a sweep of {WAITING:,}", _sweep() * 1e3, "ms", 100)


def _seconds(left: int) -> float:
    """Until no more than so many are left."""
    began = time.perf_counter()

    def reached() -> bool:
        recovery.notify_due()
        return Delivery.objects.exclude(state=DeliveryState.DELIVERED).count() <= left

    wait(reached, 3_600.0, every=0.2)
    return time.perf_counter() - began


def _due_again() -> None:
    Delivery.objects.move(state=DeliveryState.PENDING, next_attempt_at=clock.now())


def _sweep() -> float:
    began = time.perf_counter()
    recovery.sweep()
    return time.perf_counter() - began
