"""Which messages of the queue are ours: somebody else may have written into Redis.

Of a message we heed which task it names, with which arguments, and until when it counts. It is written anew from
these, so that nothing else that it says (callbacks, time limits, compression, a day in the year 9999) does anything.
"""

from __future__ import annotations

import base64
import inspect
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

from celery import Celery, Task

LARGEST = 16 * 1024
"""Bytes; ours have a few hundred."""
WIDEST = 2**63
"""The first whole number that no column holds."""
LONGEST = timedelta(days=1)
"""No message of ours counts for longer, and none is for later."""


class Junk(Exception): ...


def cleaned(app: Celery, queue: str, raw: bytes) -> bytes:
    """The message as we would have written it. Raises Junk."""
    if len(raw) > LARGEST:
        raise Junk("much too large")
    try:
        told = json.loads(raw)
        headers, properties = told["headers"], told["properties"]
        if (told["content-type"], told["content-encoding"]) != ("application/json", "utf-8"):
            raise Junk("neither JSON nor UTF-8")
        number = str(uuid.UUID(headers["id"]))
        expires = _end(headers.get("expires"))
        if headers.get("eta") is not None:
            raise Junk("for another time")
        body = told["body"]
        text = base64.b64decode(body, validate=True) if properties.get("body_encoding") == "base64" else body
        args, kwargs, _embed = json.loads(text)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        raise Junk("no message of Celery's form") from None
    task = _task(app, headers.get("task"))
    _check(task, args, kwargs)
    return _message(queue, number, task.name, args, expires)


def _end(expires: str | None) -> str | None:
    if expires is None:
        return None
    end = datetime.fromisoformat(expires)
    if end - datetime.now(UTC) > LONGEST:
        raise Junk("for another time")
    return end.astimezone(UTC).isoformat(timespec="seconds")


def _task(app: Celery, name: object) -> Task[Any, Any]:
    """One of our own; those of Celery's own run what others tell them."""
    task = app.tasks.get(name) if isinstance(name, str) else None
    if task is None or task.name.startswith("celery."):
        raise Junk("no task of ours")
    return task


def _check(task: Task[Any, Any], args: object, kwargs: object) -> None:
    """Tasks are called by position, with what their annotations say."""
    if not isinstance(args, list) or kwargs != {}:
        raise Junk("arguments of another form")
    try:
        given = inspect.signature(task.run).bind(*args).arguments
    except TypeError:
        raise Junk("too many arguments, or too few") from None
    hints = get_type_hints(task.run)
    if not all(isinstance(value, hints[name]) and not _is_odd(value) for name, value in given.items()):
        raise Junk("arguments of another type")


def _is_odd(value: object) -> bool:
    return isinstance(value, bool) or (isinstance(value, int) and not 0 <= value < WIDEST)


def _message(queue: str, number: str, task: str, args: list[object], expires: str | None) -> bytes:
    body = json.dumps([args, {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}])
    headers = {"lang": "py", "task": task, "id": number, "root_id": number, "retries": 0, "expires": expires}
    properties = {
        "correlation_id": number,
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": queue},
        "delivery_tag": str(uuid.uuid4()),
        "body_encoding": "base64",
    }
    message = {
        "body": base64.b64encode(body.encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": headers,
        "properties": properties,
    }
    return json.dumps(message).encode()
