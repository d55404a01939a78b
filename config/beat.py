from __future__ import annotations

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError

from config import outage
from interactions.worker.fallback import Fallback
from outbound.redis_server import server_at

logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """While Redis takes nothing, the time between two ticks goes to the deliveries. Celery's own (5.7) waits for its
    broker: minutes when it starts, 6 s (refused) or 10 s (hung) for each message. So each tick asks first: 1 s at
    most, and not again for some seconds.
    """

    producer = None  # type: ignore[assignment]
    """A connection of beat's own would wait for the broker at its first use; the application's pool serves instead."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._redis = server_at(str(self.app.conf.broker_url))
        self._redis_is_there = True
        self._fallback = Fallback(is_told=outage.log.note)

    def tick(self, *args: Any, **options: Any) -> float:
        self._redis_is_there = bool(self._redis.ask(lambda server: server.ping()))
        if not self._redis_is_there:
            self._fallback.redis_is_away()
        wait: float = super().tick(*args, **options)
        began = time.monotonic()
        if wait > 0:
            self._fallback.work(wait)
            outage.log.look()
        return max(0.0, wait - (time.monotonic() - began))

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        if not self._redis_is_there:
            return
        try:
            self.apply_async(entry, advance=False)
        except SchedulingError as error:  # such as a Redis whose memory is full
            logger.warning("Redis did not take a message. %s", error)
            self._fallback.redis_is_away()
        else:
            self._fallback.redis_took_a_message()
