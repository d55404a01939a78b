"""What workers are asked to do. Ids only: the database holds everything else."""

from __future__ import annotations

import time

from celery import shared_task

from interactions import claim, doorbell, heartbeat, lanes
from interactions import sweep as sweeping
from interactions.deliver import deliver
from interactions.tour import Tour

SHIFT_SECONDS = 2.0
"""After this long a drain queues itself again, behind the drains of other connections."""
SLOW_SECONDS = 2.0
"""A connection is slow when its deliveries take longer than this, each; several requests to a usual vendor do not."""
MOST_TROUBLES = 2
"""Unreachable or unanswered so many times running: the rest need not find that out one by one."""


@shared_task(name=doorbell.DRAIN)
def drain(method_id: int | None) -> None:
    """Deliver what is due at one connection for a while, then make way for the others."""
    doorbell.heard(method_id)
    with lanes.lane(method_id) as free:
        going_well = free and _shift(method_id)
    if going_well and claim.due(method_id).exists():
        doorbell.ring(method_id)


@shared_task(name="interactions.sweep")
def sweep() -> None:
    """Beat asks for this every 4 s."""
    sweeping.sweep()
    heartbeat.beat()


def _shift(method_id: int | None) -> bool:
    """Whether the next one may follow at once; after trouble the sweep tries again, a few seconds later."""
    tour, began, done, troubles = Tour(), time.monotonic(), 0, 0

    def goes_on() -> bool:
        return troubles < MOST_TROUBLES and time.monotonic() - began < SHIFT_SECONDS

    while goes_on() and (claims := claim.take(method_id, most := claim.BATCH if done else claim.FIRST)):
        if len(claims) == most:
            doorbell.ring(method_id)  # there is probably more: another pair of hands may begin
        tour.add(claims)
        while claims and goes_on():
            verdict = deliver(claims.pop(0), tour)
            troubles = troubles + 1 if verdict and verdict.is_trouble else 0
            done += 1
        claim.give_back(claims)
    if done:
        slow = troubles or time.monotonic() - began > done * SLOW_SECONDS
        (lanes.mark_slow if slow else lanes.mark_well)(method_id)
    return troubles < MOST_TROUBLES
