"""Sends what Django answered to a client that may read slowly. None of it holds a thread."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import IO

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.server import limits
from config.server.bodies import Message, Receive
from config.server.connection import SCOPE_KEY

Send = Callable[[Message], Awaitable[None]]

PIECE = 64 * 1024


@dataclass
class Whole:
    """An answer without the response that made it, whose content would stay in memory as long as somebody reads."""

    head: Message
    file: IO[bytes]

    async def send(self, send: Send) -> None:
        await send(self.head)
        with self.file as file:
            piece = file.read(PIECE)
            while True:
                following = file.read(PIECE) if len(piece) == PIECE else b""
                await send({"type": "http.response.body", "body": piece, "more_body": bool(following)})
                if not following:
                    return
                piece = following


def whole(response: HttpResponseBase) -> Whole:
    """Taken at once, in a thread: its pieces may come from the database. The response is closed."""
    file = tempfile.SpooledTemporaryFile(limits.IN_MEMORY)  # noqa: SIM115 - closed by `send`
    pieces = response if isinstance(response, StreamingHttpResponse) else (_content(response),)
    for piece in pieces:
        if len(piece) > limits.IN_MEMORY:
            file.rollover()
        file.write(piece)
    file.seek(0)
    response.close()
    return Whole(_head(response), file)


async def send_stream(response: StreamingHttpResponse, scope: Message, receive: Receive, send: Send) -> None:
    response.headers.setdefault("X-Accel-Buffering", "no")  # or a proxy would keep what it says until it has more
    await send(_head(response))
    if scope["method"] != "HEAD":
        saying = asyncio.ensure_future(_say(aiter(response), send))
        leaving = asyncio.ensure_future(receive())
        if connection := scope.get(SCOPE_KEY):
            connection.end_stream = saying.cancel
        try:
            await asyncio.wait((saying, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            saying.cancel()
            await asyncio.wait((saying, leaving))
        if not saying.cancelled():
            saying.result()
    await send({"type": "http.response.body"})


async def _say(pieces: AsyncIterator[bytes], send: Send) -> None:
    async with aclosing(pieces):  # type: ignore[type-var]
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})


def _content(response: HttpResponseBase) -> bytes:
    return response.content if isinstance(response, HttpResponse) else b""


def _head(response: HttpResponseBase) -> Message:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    cookies = [
        (b"set-cookie", cookie.output(header="").strip().encode("ascii")) for cookie in response.cookies.values()
    ]
    return {"type": "http.response.start", "status": response.status_code, "headers": [*headers, *cookies]}
