"""Clients that take their time, all of them driven by one thread."""

from __future__ import annotations

import contextlib
import http.client
import resource
import socket
import statistics
import threading
import time
from collections.abc import Iterator

SILENT = b""
HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: "
HALF_A_BODY = (
    b"POST /api/v1/interactions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100000\r\n\r\n["
)
A_HUGE_PAGE = b"GET /huge HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
MANY_PIECES = b"GET /pieces HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
A_STREAM = b"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def exchange(port: int, sent: bytes) -> bytes:
    """All that comes back until the server ends the connection."""
    with connect(port) as connection:
        with contextlib.suppress(ConnectionError):  # refused while it was being written
            connection.sendall(sent)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 20):
            got += piece
    return got


def read_until(connection: socket.socket, wanted: bytes) -> bytes:
    """Empty when the connection ends, or says nothing for long, before it comes."""
    got = b""
    with contextlib.suppress(OSError):
        while wanted not in got:
            piece = connection.recv(65536)
            if not piece:
                return b""
            got += piece
        return got
    return b""


def connect(port: int, *, narrow: bool = False) -> socket.socket:
    """`narrow`: with the smallest buffer for what comes back."""
    connection = socket.socket()
    if narrow:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", port))
    return connection


@contextlib.contextmanager
def connected(
    port: int, count: int, beginning: bytes = SILENT, *, narrow: bool = False
) -> Iterator[list[socket.socket]]:
    """So many connections that have sent this, until the end of the block."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(connect(port, narrow=narrow)) for _ in range(count)]
        for connection in connections:
            with contextlib.suppress(ConnectionError):  # refused while it was being written
                connection.sendall(beginning)
        yield connections


@contextlib.contextmanager
def dripping(*connections: socket.socket) -> Iterator[None]:
    """Each sends a byte now and then. Nobody minds when the server has enough of it."""
    ended = threading.Event()

    def drip() -> None:
        while not ended.wait(0.5):
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.send(b"1")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()


@contextlib.contextmanager
def sipping(*connections: socket.socket) -> Iterator[None]:
    """Each reads a byte now and then."""
    ended = threading.Event()

    for connection in connections:
        connection.setblocking(False)

    def sip() -> None:
        while not ended.wait(0.5):
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.recv(1)

    thread = threading.Thread(target=sip, daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join()


def seconds_to_health(port: int, tries: int = 5) -> float:
    """How long /healthz takes, in the middle of some tries, so that a busy machine's hiccup does not count."""
    return statistics.median(_seconds(port) for _ in range(tries))


def _seconds(port: int) -> float:
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok\n"
    except TimeoutError:
        pass
    finally:
        connection.close()
    return time.monotonic() - began
