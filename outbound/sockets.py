"""Connections that check and use one look-up of the name: after a check beforehand, it could lead elsewhere."""

from __future__ import annotations

import io
import queue
import socket
import time
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from outbound import deadline
from outbound.addresses import Origin, is_public
from outbound.errors import Misconfigured, NotSent
from outbound.reasons import PRIVATE, UNREACHABLE
from outbound.resolver import Unresolved, addresses_of

IDLE_SECONDS = 25.0
"""After which a kept connection is opened anew instead of used."""
MOST_ADDRESSES = 4
"""So many addresses of one name are tried."""


@dataclass
class Terms:
    trusted: set[Origin]
    """Origins that may live at a private address."""
    answer_seconds: float = 0.0
    """How long the next answer may take as a whole: head, body, and whatever a server sends before and after them."""
    answer_bytes: int = 0
    """How much of it may come, as it comes: packed, in pieces, and with all that is no body."""


class TooMuch(Exception): ...


class _Answer(io.RawIOBase):
    """What comes over a socket, up to the terms. A read time-out alone would let a server drip for ever."""

    def __init__(self, connected: socket.socket, terms: Terms) -> None:
        self._socket, self._patience = connected, connected.gettimeout() or terms.answer_seconds
        self._latest = time.monotonic() + terms.answer_seconds
        self._bytes_left = terms.answer_bytes
        self._raw = connected.makefile("rb", buffering=0)

    def makefile(self, _mode: str) -> io.BufferedReader:  # http.client asks a socket for it
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._latest - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        if self._bytes_left <= 0:
            raise TooMuch
        self._socket.settimeout(min(left, self._patience))
        try:
            size = self._raw.readinto(buffer)
        finally:
            self._socket.settimeout(self._patience)
        self._bytes_left -= size or 0
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Guarded:
    """What both kinds of connection share. What fails in `connect`, TLS included, fails before a byte was sent."""

    terms: Terms
    scheme: str
    _dns_host: str
    port: int
    sock: Any
    timeout: float
    source_address: Any
    socket_options: Any

    _used_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Say whether to use it again: servers hang up on idle ones, and a write lost to that is unknown."""
        return time.monotonic() - self._used_at < IDLE_SECONDS and bool(super().is_connected)  # type: ignore[misc]

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._used_at = time.monotonic()
        super().request(*args, **kwargs)  # type: ignore[misc]

    def send(self, data: Any) -> None:
        if not self.sock:
            self.connect()
        deadline.check()  # here, as every byte of a request passes
        super().send(data)  # type: ignore[misc]

    def response_class(self, connected: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        return HTTPResponse(_Answer(connected, self.terms), *args, **kwargs)  # type: ignore[arg-type]

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
            # Not what is left of it: the outcome of a request that is cut short is unknown.
            self.sock.settimeout(self.timeout)
        except (HTTPError, OSError, UnicodeError) as error:
            host = self._dns_host
            raise NotSent(UNREACHABLE(host=host, cause=cause_of(error))) from None

    def _new_conn(self) -> socket.socket:
        # Name, addresses and handshake share it: a refresh counts on that while it has the lease.
        latest = time.monotonic() + self.timeout
        host = self._dns_host.rstrip(".").strip("[]").lower()
        addresses = addresses_of(host, self.timeout)
        # All of them: a name that mixes public and private addresses is an attack or an error.
        if (self.scheme, host, self.port) not in self.terms.trusted and not all(map(is_public, addresses)):
            raise Misconfigured(PRIVATE(host=host))
        failure: OSError = socket.gaierror()
        tried = addresses[:MOST_ADDRESSES]
        for at, address in enumerate(tried):
            share = max(latest - time.monotonic(), 0.01) / (len(tried) - at)
            try:
                connected = create_connection((address, self.port), share, self.source_address, self.socket_options)
            except OSError as error:
                failure = error
            else:
                connected.settimeout(max(latest - time.monotonic(), 0.01))
                return connected
        raise failure


def cause_of(error: BaseException) -> str:
    """Say why no connection came about, without the error's own text, which could hold anything."""
    causes = (
        (socket.gaierror, "its name was not found"),
        (Unresolved, "its name could not be resolved in time"),
        (ConnectionRefusedError, "connection refused"),
    )
    for kind, words in causes:
        if isinstance(error, kind):
            return words
    name = type(error).__name__
    if "SSL" in name or "Certificate" in name:
        return "its TLS certificate or handshake was not accepted"
    timed_out = isinstance(error, TimeoutError) or "Timeout" in name
    return "no connection in time" if timed_out else "no connection"


class _Idle:
    """Replace urllib3's queue: an interruption that left its lock closed would hold the thread up for ever."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[Any] = []

    def get(self, block: bool = False, timeout: float | None = None) -> Any:
        try:
            return self._kept.pop()
        except IndexError:
            raise queue.Empty from None

    def put(self, connection: Any, block: bool = False) -> None:
        if len(self._kept) >= self._most:
            raise queue.Full
        self._kept.append(connection)

    def qsize(self) -> int:
        return len(self._kept)


class GuardedAdapter(HTTPAdapter):
    def __init__(self, trusted: set[Origin]) -> None:
        self.terms = Terms(trusted)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        shared = self.terms

        class Plain(_Guarded, HTTPConnection):  # type: ignore[misc] # a method makes the answer, where they have a class
            scheme, terms = "http", shared

        class Secure(_Guarded, HTTPSConnection):  # type: ignore[misc] # the same
            scheme, terms = "https", shared

        class PlainPool(HTTPConnectionPool):
            ConnectionCls, QueueCls = Plain, _Idle  # type: ignore[assignment] # it is what urllib3 uses of a queue

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls, QueueCls = Secure, _Idle  # type: ignore[assignment] # it is what urllib3 uses of a queue

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
