"""A Redis server that may be away, without anybody failing for it."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ResponseError
from redis.retry import Retry

logger = logging.getLogger(__name__)

AWAY = 5.0
"""Seconds for which an unreachable Redis is not asked again."""

Result = TypeVar("Result")


def run(server: redis.Redis, script: str, keys: int, arguments: list[str | int | float]) -> Any:
    """Run a script by its hash; a server that does not know it (new, or flushed) is sent the whole."""
    try:
        return server.evalsha(_hash(script), keys, *arguments)
    except NoScriptError:
        return server.eval(script, keys, *arguments)


@cache
def _hash(script: str) -> str:
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()


class Line:
    """One connection of one thread: fetching one from redis-py's pool costs more than the round trip itself."""

    def __init__(self, url: str) -> None:
        self.pid = os.getpid()
        # A kept connection may have ended meanwhile: once more, over a new one.
        retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
        self._redis = redis.Redis.from_url(
            url, socket_connect_timeout=0.5, socket_timeout=1.0, single_connection_client=True, retry=retry
        )
        assert self._redis.connection  # noqa: S101 - for the types: a client of a single connection has it at once
        self._connection = self._redis.connection
        self._unread = 0

    def ask(self, question: Callable[[redis.Redis], Result]) -> Result:
        """Put a question and wait for its answer. Raises RedisError."""
        while self._unread:
            self._unread -= 1
            try:
                self._connection.read_response()
            except ResponseError:
                continue  # what was told failed; the next answer is in place all the same
            except redis.RedisError:
                self._unread = 0  # redis-py has closed the connection, and opens another for the question
        return question(self._redis)

    def tell(self, *command: str) -> None:
        """Send a command now and read its answer before the next question: nobody waits for it. Raises RedisError."""
        self._connection.send_command(*command)  # type: ignore[no-untyped-call]
        self._unread += 1


class RedisServer:
    """One server. When it is away nothing is asked of it for a few seconds, and the log says so once."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()
        self._away_until = 0.0
        self._is_away = False

    def ask(self, question: Callable[[redis.Redis], Result]) -> Result | None:
        """The answer to a question; None when the server is away."""
        if time.monotonic() < self._away_until:
            return None
        try:
            answer = self._line().ask(question)
        except redis.RedisError:
            self._away_until = time.monotonic() + AWAY
            if not self._is_away:
                self._is_away = True
                logger.warning("Redis is away: this machine now asks each portal one thing at a time")
            return None
        if self._is_away:
            self._is_away = False
            logger.info("Redis is back: the shared pace holds again")
        return answer

    def tell(self, *command: str) -> None:
        """Have a command done without waiting for it. It may get lost with the connection."""
        if time.monotonic() < self._away_until:
            return
        try:
            self._line().tell(*command)
        except redis.RedisError:
            self.ask(lambda server: server.execute_command(*command))  # type: ignore[no-untyped-call] # a new connection

    def _line(self) -> Line:
        """This thread's connection; a forked child opens its own: two processes on one socket mix answers."""
        line: Line | None = getattr(self._local, "line", None)
        if line is None or line.pid != os.getpid():
            line = self._local.line = Line(self._url)
        return line


@cache
def server_at(url: str) -> RedisServer:
    """One for each server and process, so that the log says once that it is away."""
    return RedisServer(url)
