"""Reads the body of a request in the event loop, so that a slow one costs no thread. All of them are bounded."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any

from config.server import limits

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Gone(Exception): ...


class Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass
class Body:
    file: IO[bytes]
    size: int = 0


_held = 0
"""Bytes of all bodies of this process."""


@asynccontextmanager
async def received(scope: Message, receive: Receive, most: int) -> AsyncIterator[Body]:
    """It counts among the bodies of this process until the block ends; the caller closes its file. Raises Gone or
    Refused.
    """
    global _held
    if _declared(scope) > most:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = Body(tempfile.SpooledTemporaryFile(limits.IN_MEMORY))  # noqa: SIM115 - closed by who takes it
    try:
        await _read_in_time(receive, body, most)
        yield body
    finally:
        _held -= body.size


async def _read_in_time(receive: Receive, body: Body, most: int) -> None:
    try:
        async with asyncio.timeout(limits.BODY_SECONDS):
            await _read(receive, body, most)
    except TimeoutError:
        body.file.close()
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
    except (Gone, Refused):
        body.file.close()
        raise


async def _read(receive: Receive, body: Body, most: int) -> None:
    global _held
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        piece = message.get("body", b"")
        body.size += len(piece)
        _held += len(piece)
        if body.size > most:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if _held > limits.ALL_BODIES:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        body.file.write(piece)
        more = message.get("more_body", False)
    body.file.seek(0)


def _declared(scope: Message) -> int:
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
