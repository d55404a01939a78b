"""Django's own ASGIHandler gives each request a new thread, so that every one opens connections to the database and
to Redis (code.djangoproject.com/ticket/33497): here threads live as long as the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import StreamingHttpResponse
from django.urls import set_script_prefix

from config.server import answers, bodies, refusals
from config.server.answers import Send, Whole
from config.server.bodies import Body, Message, Receive
from config.server.connection import SCOPE_KEY
from config.server.request import Request

Result = TypeVar("Result")

FOR_OPERATORS = {"/healthz", "/readyz", "/metrics"}
"""These have threads of their own, so that they answer when all others are busy."""


class Handler(ASGIHandler):
    request_class = Request

    def __init__(self) -> None:
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(settings.WEB_THREADS, "web")
        self._threads_for_operators = ThreadPoolExecutor(2, "web-operators")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:  # type: ignore[override]
        if scope["type"] != "http":
            raise ValueError(f"Deskline speaks HTTP only, not {scope['type']}.")
        try:
            async with bodies.received(scope, receive, refusals.largest_body(scope["path"])) as body:
                given = await self._in_thread(scope, partial(self._answer, scope, body))
        except bodies.Gone:
            return
        except bodies.Refused as refused:
            given = await self._in_thread(scope, partial(refusals.answer, scope["path"], refused.status))
        if isinstance(given, Whole):
            await given.send(send)
        elif given is not None:
            try:
                await answers.send_stream(given, scope, receive, send)
            finally:
                await self._in_thread(scope, given.close)

    async def _in_thread(self, scope: Message, work: Callable[[], Result]) -> Result:
        """Work that has begun goes on to its end, whatever becomes of the client."""
        threads = self._threads_for_operators if scope["path"] in FOR_OPERATORS else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def _answer(self, scope: Message, body: Body) -> Whole | StreamingHttpResponse | None:
        """As under WSGI: the signals that begin and end a request are sent in the thread that serves it."""
        if scope["method"] in ("GET", "HEAD") and not _is_awaited(scope):
            return None
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        with body.file:
            request = self.request_class(scope, body.file)
            request.META["CONTENT_LENGTH"] = str(body.size)  # also of one that came in chunks
            response = self.get_response(request)
        response._handler_class = type(self)  # type: ignore[attr-defined] # the sender of `request_finished`
        if isinstance(response, StreamingHttpResponse) and response.is_async:
            return response
        return answers.whole(response)


def _is_awaited(scope: Message) -> bool:
    """Whether the client is still there: many may have waited for a thread, and left."""
    connection: Any = scope.get(SCOPE_KEY)
    return connection is None or connection.is_open
