"""For monitoring: is this installation alive, and is it ready? The answers name parts, never details."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Lock

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from authmethods import agreement
from config import database
from interactions.queue import stalled
from interactions.worker import heartbeat

logger = logging.getLogger(__name__)

SILENCE = timedelta(seconds=60)
"""After so long, workers that finished nothing count as lost, and deliveries of which none was tried as stopped."""


def redis_answers() -> bool:
    cache.set("health", 1, 10)
    return bool(cache.get("health") == 1)


def worker_was_seen() -> bool:
    age = heartbeat.age()
    return age is not None and -SILENCE <= age <= SILENCE


def stalled_connections() -> list[int | str]:
    try:
        return [method_id or "local" for method_id in stalled.connections()]
    except Exception:  # noqa: BLE001 - whatever a driver raises; the database is named the next time
        return []


def processes_without_keys() -> list[str]:
    """Those that cannot open some of the stored credentials, without the machine's name."""
    try:
        return [one.name.partition("@")[0] for one in agreement.live() if one.unreadable]
    except Exception:  # noqa: BLE001 - as above
        return []


PARTS: dict[str, Callable[[], bool]] = {
    "database": database.is_usable,
    "redis": redis_answers,
    "worker": worker_was_seen,
}


@require_safe
@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """200 as soon as the web server serves, whatever else is broken: restarting it would not cure the rest."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when everything needed is there, else 503 with the names of what is not.

    Without Redis it also says whether beat delivers by itself meanwhile (`slow`), or nobody does (`stopped`). A
    connection that is stalled is named by its number (or `local`), for strangers read this, and makes nothing else
    unready: a monitor that takes the whole installation away for it would stop the others too. So are the processes
    whose FERNET_KEYS do not open what is stored (`unreadable`).
    """
    missing = [name for name, check in PARTS.items() if not holds(check)]
    _log.note(missing)
    answer: dict[str, object] = {"ready": not missing, "not_ready": missing}
    if "redis" in missing:
        answer["deliveries"] = "slow" if holds(partial(heartbeat.deliveries_go_on, SILENCE)) else "stopped"
    if "database" not in missing and (names := stalled_connections()):
        answer["stalled"] = names
    if "database" not in missing and (processes := processes_without_keys()):
        answer["unreadable"] = processes
    response = JsonResponse(answer, status=503 if missing else 200)
    # Django logs every 503 as an error, and this page is asked every few seconds: `_log` says what changed instead.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


class ReadinessLog:
    """What this process logged last: each change once, and nothing when it starts ready."""

    def __init__(self) -> None:
        self._missing: list[str] = []
        self._lock = Lock()

    def note(self, missing: list[str]) -> None:
        with self._lock:
            if missing == self._missing:
                return
            self._missing = missing
        if missing:
            logger.warning("Not ready: %s. See /readyz.", ", ".join(missing))
        else:
            logger.info("Ready again.")


_log = ReadinessLog()


def holds(check: Callable[[], bool]) -> bool:
    """What a check says; False when it cannot be made."""
    try:
        return check()
    except Exception:  # noqa: BLE001 - whatever a driver raises, the part is not ready
        return False
