"""What workers are asked to do. Ids only: the database holds everything else."""

from __future__ import annotations

import time

from celery import shared_task

from interactions import claim, doorbell, heartbeat, lanes
from interactions import sweep as sweeping
from interactions.deliver import deliver
from interactions.tour import Tour

BUDGET_SECONDS = 5.0
"""After this long a drain queues itself again, behind the drains of other connections."""
MOST_TROUBLES = 2
"""Unreachable or unanswered so many times running: the rest need not find that out one by one."""


@shared_task(name=doorbell.DRAIN)
def drain(method_id: int | None) -> None:
    """Deliver one batch of one connection, then make way for the others."""
    doorbell.heard(method_id)
    with lanes.lane(method_id) as free:
        going_well = free and _batch(method_id)
    if going_well and claim.due(method_id).exists():
        doorbell.ring(method_id)


@shared_task(name="interactions.sweep")
def sweep() -> None:
    """Beat asks for this every 5 s."""
    sweeping.sweep()
    heartbeat.beat()


def _batch(method_id: int | None) -> bool:
    """Whether the next batch may follow at once; after trouble the sweep tries again, a few seconds later."""
    claims = claim.take(method_id)
    if len(claims) == claim.BATCH:
        doorbell.ring(method_id)  # there is probably more: another pair of hands may begin
    started, tour, troubles = time.monotonic(), Tour(claims), 0
    while claims and troubles < MOST_TROUBLES and time.monotonic() - started < BUDGET_SECONDS:
        verdict = deliver(claims.pop(0), tour)
        troubles = troubles + 1 if verdict and verdict.is_trouble else 0
    claim.give_back(claims)
    if claims or troubles:
        lanes.mark_slow(method_id)
    else:
        lanes.mark_well(method_id)
    return troubles < MOST_TROUBLES
