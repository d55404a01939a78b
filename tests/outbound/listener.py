"""A raw TCP server for what no real HTTP server can be made to do: half an answer, a drip, a cut connection."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Talk = Callable[[socket.socket], None]


class Listener:
    """Answers each connection with the next talk of the list, the last one again and again."""

    def __init__(self, *talks: Talk) -> None:
        self._talks = list(talks)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = 0
        self.received = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            talk = self._talks[min(self.connections, len(self._talks) - 1)]
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection, talk), daemon=True).start()

    def _talk(self, connection: socket.socket, talk: Talk) -> None:
        with connection:
            try:
                talk(Recorded(connection, self))  # type: ignore[arg-type]
            except OSError:
                return

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()


class Recorded:
    """The connection, which remembers what it was sent."""

    def __init__(self, connection: socket.socket, listener: Listener) -> None:
        self.connection = connection
        self.listener = listener

    def request(self) -> None:
        """Read one request to the end of its head."""
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = self.connection.recv(65536)
            if not chunk:
                raise OSError("closed")
            data += chunk
        self.listener.received += data

    def body(self, size: int) -> None:
        """Read on until the body of this size is there."""
        while len(self.listener.received.partition(b"\r\n\r\n")[2]) < size:
            self.listener.received += self.connection.recv(65536)

    def sendall(self, data: bytes) -> None:
        self.connection.sendall(data)

    def close(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)


def answer(body: bytes = b"{}", *, status: str = "200 OK", head: str = "", length: int | None = None) -> Talk:
    """Whole answers on a connection that stays open; `length` lies about the body's."""

    def talk(connection: Recorded) -> None:
        while True:
            connection.request()
            size = len(body) if length is None else length
            connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{head}\r\n".encode() + body)
            if size != len(body):
                return

    return talk  # type: ignore[return-value]


def cut(connection: Recorded) -> None:
    """Read the request, answer nothing, hang up."""
    connection.request()


def silence(connection: Recorded) -> None:
    """Read the request and never answer."""
    connection.request()
    time.sleep(5)


def drip(connection: Recorded) -> None:
    """Answer one byte at a time, each within any read time-out."""
    connection.request()
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(0.02)


@contextmanager
def listening(*talks: object) -> Iterator[Listener]:
    listener = Listener(*talks)  # type: ignore[arg-type]
    try:
        yield listener
    finally:
        listener.close()
