from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from socket import socket
from typing import Any, TypeVar
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ResponseError
from redis.retry import Retry

from outbound.per_thread import PerThread
from outbound.resolver import addresses_of

logger = logging.getLogger(__name__)

AWAY_SECONDS = 5.0
"""Seconds for which an unreachable Redis is not asked again."""

CONNECT_SECONDS = 0.5
"""How long its name may take, and then each of its addresses."""

Result = TypeVar("Result")
Argument = str | int | float


class Script:
    """A Lua script, run by its hash; a server that does not know it (new, or flushed) is sent the whole."""

    def __init__(self, text: str, *, keys: int) -> None:
        self._text = text
        self._keys = keys
        self._hash = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def command(self, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
        return ("EVALSHA", self._hash, self._keys, *arguments)

    def whole(self, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
        return ("EVAL", self._text, self._keys, *arguments)

    def run(self, server: redis.Redis, arguments: Sequence[Argument]) -> Any:
        try:
            return server.evalsha(self._hash, self._keys, *arguments)
        except NoScriptError:
            return server.eval(self._text, self._keys, *arguments)


class _Bounded:
    """Bound the name service, for which redis-py waits without end; it has no public step before its own look-up."""

    host: str

    def _connect(self) -> socket:
        addresses_of(self.host, CONNECT_SECONDS)
        return super()._connect()  # type: ignore[misc, no-any-return]


class _Plain(_Bounded, redis.Connection): ...


class _Secure(_Bounded, redis.SSLConnection): ...


_CONNECTIONS = {"redis": _Plain, "rediss": _Secure, "unix": redis.UnixDomainSocketConnection}


class Line:
    """One thread's connection: fetching one from redis-py's pool costs more than the round trip. Raises RedisError."""

    def __init__(self, url: str) -> None:
        # A kept connection may have ended meanwhile: once more, over a new one.
        retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
        self._redis = redis.Redis.from_url(
            url,
            connection_class=_CONNECTIONS.get(urlsplit(url).scheme),
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=1.0,
            single_connection_client=True,
            retry=retry,
        )
        assert self._redis.connection  # noqa: S101 - for the types: a client of a single connection has it at once
        self._connection = self._redis.connection
        self._told = self._read = 0

    def ask(self, question: Callable[[redis.Redis], Result]) -> Result:
        self.read_up_to(self._told)
        return question(self._redis)

    def tell(self, *command: Argument) -> int:
        self._connection.send_command(*command)  # type: ignore[no-untyped-call]
        self._told += 1
        return self._told

    def answer(self, number: int) -> Any:
        self.read_up_to(number - 1)
        if self._read != number - 1:
            raise redis.ConnectionError("the connection that this was told over has ended")
        self._read = number
        return self._connection.read_response()

    def read_up_to(self, number: int) -> None:
        while self._read < number:
            self._read += 1
            try:
                self._connection.read_response()
            except ResponseError:
                continue  # what was told failed; the next answer is in place all the same
            except redis.RedisError:
                self._read = self._told  # redis-py has closed the connection, and opens another for what comes


class RedisServer:
    """Ask a server; None when it is away, and then nothing is asked for a few seconds, and the log says so once."""

    def __init__(self, url: str) -> None:
        self._lines = PerThread(partial(Line, url))
        self._away_until = 0.0
        self._is_away = False

    def ask(self, question: Callable[[redis.Redis], Result]) -> Result | None:
        return self._over_line(lambda line: line.ask(question))

    def ask_ahead(self, script: Script, arguments: Sequence[Argument]) -> Callable[[], Any]:
        """Run a script now, and wait in what is returned. If the connection breaks meanwhile, the script runs twice."""
        told = self._told(*script.command(arguments))

        def answer(line: Line) -> Any:
            if told and told[0] is line:
                try:
                    return line.answer(told[1])
                except redis.RedisError:
                    pass  # it does not know the script, or the connection broke
            return line.ask(lambda server: script.run(server, arguments))

        return lambda: self._over_line(answer)

    def tell(self, *command: Argument) -> None:
        """Have a command done without waiting for it. It may get lost with the connection."""
        if self._told(*command) is None:
            self.ask(lambda server: server.execute_command(*command))  # type: ignore[no-untyped-call] # a new connection

    def _told(self, *command: Argument) -> tuple[Line, int] | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            with self._lines.taken() as line:
                return line, line.tell(*command)
        except redis.RedisError:
            return None

    def _over_line(self, question: Callable[[Line], Result]) -> Result | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            with self._lines.taken() as line:
                answer = question(line)
        except redis.RedisError:
            self._away_until = time.monotonic() + AWAY_SECONDS
            if not self._is_away:
                self._is_away = True
                logger.warning("Redis is away: this machine now asks each portal one thing at a time")
            return None
        if self._is_away:
            self._is_away = False
            logger.info("Redis is back: the shared pace holds again")
        return answer


@cache
def server_at(url: str) -> RedisServer:
    return RedisServer(url)
