"""Celery's way through Redis, on which nothing that others write there ends a worker, or keeps it from ours."""

from __future__ import annotations

import logging
import time
from queue import Empty
from typing import Any

from celery import current_app
from django.core.cache import cache
from kombu.transport import redis as kombu_redis
from redis import Redis
from redis.exceptions import ResponseError

from config.messages import Junk, cleaned

COUNT = "config:queue-junk"
SAY_EVERY_SECONDS = 60.0

logger = logging.getLogger(__name__)


class JunkCount:
    """How much was dropped: told at once, then no more than once a minute, and counted in Redis for `/metrics`."""

    def __init__(self) -> None:
        self._untold = 0
        self._quiet_until = 0.0

    def add(self, why: str) -> None:
        self._untold += 1
        if time.monotonic() >= self._quiet_until:
            text = "Dropped from the queue what Deskline did not write: %d, the last one %s. Who else writes to Redis?"
            logger.warning(text, self._untold, why)
            self._untold, self._quiet_until = 0, time.monotonic() + SAY_EVERY_SECONDS
        try:
            cache.add(COUNT, 0, None)
            cache.incr(COUNT)
        except Exception:  # noqa: BLE001 - the cache's library raises many kinds; somebody wrote there too
            return


def junk_dropped() -> int:
    """By all workers since Redis was emptied. Raises what the cache raises."""
    count = cache.get(COUNT, 0)
    return count if type(count) is int else 0


_junk = JunkCount()


class Client(Redis):
    def parse_response(self, connection: Any, command_name: str | bytes, **options: Any) -> Any:
        answer = super().parse_response(connection, command_name, **options)  # type: ignore[no-untyped-call]
        if command_name != "BRPOP" or not answer:
            return answer
        key, raw = answer
        try:
            return key, cleaned(current_app, key.decode(), raw)
        except Junk as junk:
            _junk.add(str(junk))
            return None


class Channel(kombu_redis.Channel):
    """A queue is a list under its name, and nothing else of Redis matters: no table of bindings, no kept messages.

    What a worker that dies had taken is lost; the sweep finds its deliveries.
    """

    def _get_client(self) -> type[Redis]:
        return Client

    def _queue_bind(self, *_binding: Any) -> None:
        """Messages name their queue."""

    def _new_queue(self, queue: str, **options: Any) -> None:
        super()._new_queue(queue, **options)
        self._drop_others(queue)

    def _put(self, queue: str, message: Any, **options: Any) -> None:
        try:
            super()._put(queue, message, **options)
        except ResponseError as error:
            self._clear(error, queue)
            super()._put(queue, message, **options)

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc] # kombu's stubs have its public names only
        except ResponseError as error:
            self._clear(error, *self.active_queues)
            raise Empty from None

    def _clear(self, error: ResponseError, *queues: str) -> None:
        """Raises the error again unless it is about the type of a key."""
        if not str(error).startswith("WRONGTYPE"):
            raise error
        for queue in queues:
            self._drop_others(queue)

    def _drop_others(self, queue: str) -> None:
        """What has the queue's name and is no list."""
        with self.conn_or_acquire() as client:
            if client.type(queue) not in (b"list", b"none"):
                client.delete(queue)
                _junk.add("a key of another type")


class Transport(kombu_redis.Transport):
    Channel = Channel
