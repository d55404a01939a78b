"""Uvicorn (0.54) bounds neither the wait for a first request, nor that for the rest of one, nor the size of a head,
nor the wait for a slow reader (github.com/Kludex/uvicorn/issues/157).
"""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from config.server import limits

SCOPE_KEY = "deskline.connection"

_incomplete: dict[Connection, None] = {}
"""Those of this process from which no complete request has come yet, the longest waiting first: they go when there are
too many connections."""


class Connection(HttpToolsProtocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = False
        self._head_begins = False
        self._head_bytes = 0
        self._in_trailers = False
        self._trailer_bytes = 0
        self._is_too_large = False
        self._answered: RequestResponseCycle | None = None
        """The request that is being answered; `cycle` is the last one that came."""
        self._waiting: TimerHandle | None = None
        self._writing: TimerHandle | None = None
        self.end_stream: Callable[[], object] | None = None
        """Set by an answer without end, which must end when the server does."""

    @property
    def is_open(self) -> bool:
        return not self.transport.is_closing()

    @property
    def _is_answering(self) -> bool:
        # None until there was a request, whatever uvicorn declares
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]

    # What happens to it
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _make_room(len(self.connections))
        self._wait(limits.FIRST_REQUEST_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._writing:
            self._writing.cancel()
        if self._answered:
            self._answered.disconnected = True  # uvicorn tells the last one only
            self._answered.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.is_open:
            return
        super().data_received(data)
        if self._in_head and self.is_open:
            # What came with the beginning of a head may belong to an earlier request; it is little.
            self._head_bytes += 0 if self._head_begins else len(data)
            self._head_begins = False
            if self._head_bytes > limits.HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self._in_trailers and self.is_open:
            self._trailer_bytes += len(data)
            if self._trailer_bytes > limits.HEAD_BYTES + len(data):  # the piece they began in may hold a body, too
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[SCOPE_KEY] = self  # type: ignore[literal-required]
        self._in_head, self._head_begins, self._head_bytes = True, True, 0
        self._wait(limits.HEAD_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Those that follow a body in chunks are left out: nobody has looked at their number, size and sender."""
        if not self._in_head:
            return
        super().on_header(name, value)
        if len(self.headers) > limits.HEADERS:
            self._is_too_large = True
            raise ValueError("Too many headers.")

    def on_headers_complete(self) -> None:
        self._in_head = False
        sizes = [len(name) + len(value) + 4 for name, value in self.headers]
        if len(self.url) + sum(sizes) > limits.HEAD_BYTES or max(sizes, default=0) > limits.HEADER_BYTES:
            self._is_too_large = True
            raise ValueError("The head is too large.")  # the parser stops, and asks for `send_400_response`
        if len(self.pipeline) >= limits.PIPELINED:
            self._stop_waiting()
            raise ValueError("Too many requests wait.")  # the connection ends after the answers to these
        super().on_headers_complete()
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False  # whatever follows is no HTTP
        if self._waiting:
            self._waiting.cancel()  # the wait for a body is that of whoever reads it

    def on_chunk_header(self) -> None:
        """Of each chunk, and of the end without a body, which trailers may follow."""
        self._in_trailers, self._trailer_bytes = True, 0

    def on_body(self, body: bytes) -> None:
        self._in_trailers = False
        super().on_body(body)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def on_message_complete(self) -> None:
        self._in_trailers = False
        super().on_message_complete()
        if self.cycle.response_complete:
            self._wait(limits.IDLE_SECONDS)
        else:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        self.end_stream = None
        super().on_response_complete()
        self._unset_keepalive_if_required()  # ours lasts whatever comes, until there is a request
        if self.transport.is_closing():
            self._wait(limits.REST_SECONDS)
        elif not self.cycle.response_complete:
            return  # the next request has come already
        elif self.cycle.more_body:
            self._wait(limits.REST_SECONDS)
        elif not self._in_head:
            self._wait(limits.IDLE_SECONDS)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing = self.loop.call_later(limits.READER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._writing:
            self._writing.cancel()

    def shutdown(self) -> None:
        """The server ends: answers under way are finished, requests that are not complete are not waited for."""
        super().shutdown()
        if self.end_stream:
            self.end_stream()
        elif self._is_answering and self.cycle.more_body:
            self.transport.close()

    # Its end
    def send_400_response(self, msg: str) -> None:
        """Also asked for while an answer to an earlier request is under way, in whose middle nothing may be written."""
        if self.pipeline or (self._is_answering and not self.cycle.more_body):
            self.cycle.keep_alive = False
            self.flow.pause_reading()
        elif self._is_too_large:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            self._refuse(HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        body = f"{status.phrase}\n".encode()
        head = b"content-type: text/plain\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()
        self._wait(limits.REST_SECONDS)

    def _wait(self, seconds: float) -> None:
        """For something of the client's. Nobody misses a connection from which nothing complete has come."""
        if self._waiting:
            self._waiting.cancel()
        self._waiting = self.loop.call_later(seconds, self._waited_enough)
        _incomplete.setdefault(self)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
        _incomplete.pop(self, None)

    def _waited_enough(self) -> None:
        if self.transport.is_closing() or self.transport.get_write_buffer_size():
            self.transport.abort()
        elif self._in_head and self._is_answering:
            self.cycle.keep_alive = False  # an earlier request is being answered
        elif self._in_head:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()


def _make_room(connections: int) -> None:
    """When there are too many, the one that has kept us waiting longest goes."""
    if connections > limits.connections() and _incomplete:
        next(iter(_incomplete)).transport.abort()
