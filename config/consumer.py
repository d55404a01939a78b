"""A worker that listens to its queue alone, however it was started."""

from __future__ import annotations

from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer

ALONE = {"without_mingle": True, "without_gossip": True, "without_heartbeat": True, "task_events": False}
"""What workers tell each other through Redis, anybody there could tell them."""


class Consumer(CeleryConsumer):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | ALONE)
