"""What workers are asked to do. Ids only: the database holds everything else."""

from __future__ import annotations

from functools import partial

from celery import shared_task

from interactions.engine import claim, doorbell, heartbeat, lanes, shift
from interactions.engine import sweep as sweeping

SHIFT_SECONDS = 2.0
"""After this long a drain queues itself again, behind the drains of other connections."""


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
    done = shift.work(method_id, SHIFT_SECONDS, on_more=partial(doorbell.ring, method_id))
    if done.tried:
        (lanes.mark_slow if done.is_slow else lanes.mark_well)(method_id)
    return not done.in_trouble
