from __future__ import annotations

from collections.abc import Callable

from celery import shared_task
from django.core.cache import cache

from interactions.queue import claim, wakeup
from interactions.queue import recovery as sweeping
from interactions.worker import concurrency, heartbeat
from interactions.worker import drain as draining

DRAIN_SECONDS = 2.0
"""After this long a drain queues itself again, behind the drains of other connections."""
SWEPT_SECONDS = 2


@shared_task(name=wakeup.DRAIN)
def drain(method_id: int | None) -> None:
    """For a while; then the others have their turn. After trouble the sweep tries again."""
    wakeup.received(method_id)
    with concurrency.place(method_id) as keep_place:
        goes_on = keep_place is not None and not _drained(method_id, keep_place).in_trouble
    if goes_on and claim.due(method_id).exists():
        wakeup.notify(method_id)


def _drained(method_id: int | None, keep_place: Callable[[], None]) -> draining.Drained:
    def nobody_else_waits() -> bool:
        return all(one == method_id for one in sweeping.with_due())

    return draining.work(method_id, DRAIN_SECONDS, keep_place, nobody_else_waits)


@shared_task(name="interactions.sweep")
def sweep() -> None:
    """Beat asks for this every 4 s. Of many that waited in the queue one is enough."""
    if cache.add("interactions:swept", 1, SWEPT_SECONDS):
        sweeping.sweep()
        heartbeat.beat()
