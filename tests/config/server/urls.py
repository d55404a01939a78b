from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import urlpatterns as ours
from users.models import User

HUGE = 20 * 1024 * 1024
PIECE = 256 * 1024

seen = {"streams": 0, "closed": 0, "noted": 0}


def huge(_request: HttpRequest) -> HttpResponse:
    """More than the buffers of two sockets take."""
    return HttpResponse(b"x" * HUGE)


def pieces(_request: HttpRequest) -> StreamingHttpResponse:
    """The same from an ordinary iterator, which asks the database while it goes on."""

    def made() -> Iterator[bytes]:
        for _ in range(HUGE // PIECE):
            User.objects.exists()
            yield b"x" * PIECE

    return StreamingHttpResponse(made())


async def stream(_request: ASGIRequest) -> StreamingHttpResponse:
    """Events without end."""
    return _events()


def stream_of_a_plain_view(_request: HttpRequest) -> StreamingHttpResponse:
    return _events()


def _events() -> StreamingHttpResponse:
    async def made() -> AsyncIterator[bytes]:
        seen["streams"] += 1
        try:
            while True:
                yield b"data: tick\n\n"
                await asyncio.sleep(0.2)
        finally:
            seen["streams"] -= 1
            seen["closed"] += 1

    return StreamingHttpResponse(made(), content_type="text/event-stream")


@csrf_exempt
def slow(request: HttpRequest) -> HttpResponse:
    """Takes its time, and notes that it came to its end."""
    time.sleep(float(request.GET.get("seconds", "1")))
    seen["noted"] += 1
    return HttpResponse("done\n")


def fails(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


@csrf_exempt
def told(request: HttpRequest) -> JsonResponse:
    """What arrived, and how this process is."""
    return JsonResponse(
        {
            **seen,
            "threads": [thread.name for thread in threading.enumerate()],
            "thread": threading.current_thread().name,
            "database": _database(),
            "address": request.META.get("REMOTE_ADDR"),
            "scheme": request.scheme,
            "host": request.get_host(),
            "body": len(request.body),
            "length": request.META.get("CONTENT_LENGTH"),
            "headers": dict(request.headers),
        }
    )


def _database() -> int:
    """Which of all connections to the database serves this request."""
    User.objects.exists()
    return id(connection.connection)


urlpatterns = [
    path("huge", huge),
    path("pieces", pieces),
    path("stream", stream),
    path("plain-stream", stream_of_a_plain_view),
    path("slow", slow),
    path("fails", fails),
    path("told", told),
    *ours,
]
