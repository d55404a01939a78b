"""The Celery application of a worker that meets a fault at a point: `celery -A tests.interactions.matrix.worker`.

A fault is laid as a file, named as the point, in the directory TRAPS; whoever comes first moves it to where it is met.
One that kills does so at once; of any other the harness takes care, while all threads that come there wait.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from urllib3.connection import HTTPConnection

from config.celery import app  # noqa: F401 - what celery looks for

django.setup()

from integrations.zoho_desk.records import Reader  # noqa: E402
from interactions.delivery import job, results  # noqa: E402
from interactions.queue import claim  # noqa: E402
from interactions.worker import drain  # noqa: E402
from tests.interactions.matrix import cells  # noqa: E402

TRAPS = Path(os.environ["TRAPS"])
MOST_SECONDS = 30
ASKED = {"POST": "sent, not answered", "GET": "during a look", "PATCH": "during an update"}
"""Requests of calls."""


def reached(point: str) -> None:
    met = TRAPS / cells.MET / point
    with suppress(FileNotFoundError):
        (TRAPS / point).rename(met)
        fault = met.read_text()
        if fault == "child killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "worker killed":
            os.killpg(os.getpgrp(), signal.SIGKILL)
    until = time.monotonic() + MOST_SECONDS
    while met.exists() and time.monotonic() < until:
        time.sleep(0.01)


def before(owner: Any, name: str, point: str) -> None:
    """The step may be called with nothing to do: that is not the point."""
    step: Callable[..., Any] = getattr(owner, name)

    def stepped(*args: Any, **named: Any) -> Any:
        if args[0]:
            reached(point)
        return step(*args, **named)

    setattr(owner, name, stepped)


def after(owner: Any, name: str, point: str) -> None:
    """As above, also where it found nothing to do."""
    step: Callable[..., Any] = getattr(owner, name)

    def stepped(*args: Any, **named: Any) -> Any:
        result = step(*args, **named)
        if args[0] if result is None else result:
            reached(point)
        return result

    setattr(owner, name, stepped)


def between_request_and_answer() -> None:
    ask, answer = HTTPConnection.request, HTTPConnection.getresponse

    def request(connection: Any, method: str, url: str, *args: Any, **named: Any) -> None:
        connection.asked = method, url
        ask(connection, method, url, *args, **named)

    def getresponse(connection: Any) -> Any:
        method, url = connection.asked
        if "/calls" in url:
            reached(ASKED[method])
        return answer(connection)

    HTTPConnection.request = request  # type: ignore[assignment]
    HTTPConnection.getresponse = getresponse  # type: ignore[assignment,method-assign]


cells.hurry(setattr)
Reader.settle_seconds = property(  # type: ignore[assignment,method-assign]
    lambda _reader: float((TRAPS / cells.SETTLE).read_text())
)
after(claim, "take", "claimed, not loaded")
after(drain, "ready", "rendered, not begun")
before(job.Job, "create", "begun, not sent")
before(results, "delivered", "answered, not noted")
after(results, "delivered", "some noted, others not")
between_request_and_answer()
