"""A Redis server that may be away, without anybody failing for it."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import redis
from redis.exceptions import NoScriptError

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


class RedisServer:
    """One server. When it is away nothing is asked of it for a few seconds, and the log says so once."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1.0)
        self._away_until = 0.0
        self._is_away = False

    def ask(self, question: Callable[[redis.Redis], Result]) -> Result | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            answer = question(self._redis)
        except redis.RedisError:
            self._away_until = time.monotonic() + AWAY
            if not self._is_away:
                self._is_away = True
                logger.warning("Redis is away: each process now asks vendors one thing at a time")
            return None
        if self._is_away:
            self._is_away = False
            logger.info("Redis is back: the shared pace holds again")
        return answer


@cache
def server_at(url: str) -> RedisServer:
    """One connection pool per server and process; redis-py itself opens new connections after a fork."""
    return RedisServer(url)
