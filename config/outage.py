"""What everybody is told while the database cannot be used: people and sources a 503, the log one line."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error

from config import database

RETRY_AFTER_SECONDS = 10
"""Seconds."""
LOOK_EVERY_SECONDS = 1.0
"""Seconds between looks whether it is over, for as long as there are requests or tasks."""

AWAY = "The database does not answer"
READ_ONLY = "The database can be read and not written"
FULL = "The database has no room left"
BUSY = "The database is too busy: locked, out of connections or slow"
UNPREPARED = "The database lacks tables or columns: run `manage.py migrate`"

POSTGRESQL = {
    "08": AWAY, "57": AWAY, "58": AWAY, "57014": BUSY, "53": BUSY, "53100": FULL, "40": BUSY, "55P03": BUSY,
    "25006": READ_ONLY, "42P01": UNPREPARED, "42703": UNPREPARED,
}  # fmt: skip
"""By SQLSTATE, or its class (postgresql.org/docs/current/errcodes-appendix.html, 2026-11)."""
SQLITE = {
    5: BUSY, 6: BUSY, 8: READ_ONLY, 13: FULL, 3: AWAY, 7: AWAY, 10: AWAY, 11: AWAY, 14: AWAY, 23: AWAY, 26: AWAY,
}  # fmt: skip
"""By primary result code (sqlite.org/rescode.html, 2026-11)."""

logger = logging.getLogger(__name__)


def trouble(error: BaseException | None) -> str:
    """What is wrong with the database as a whole, "" when the error (or what caused it) does not say so."""
    found = ""
    while error is not None and not found:
        if isinstance(error, DatabaseError | InterfaceError):
            found = _of_driver(error)
        error = error.__cause__ or error.__context__
    return "" if found == UNPREPARED and not _lacks_migrations() else found


def _lacks_migrations() -> bool:
    """Whether they explain that a table or a column is missing; a mistake of ours may do so as well."""
    try:
        database.check_tables()
    except database.Unprepared:
        return True
    except DatabaseError as error:
        return _of_driver(error) == UNPREPARED  # not even their own table is there
    return False


def _of_driver(error: DatabaseError | InterfaceError) -> str:
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        missing = "no such table" in str(cause) or "no such column" in str(cause)
        return SQLITE.get(code & 0xFF, UNPREPARED if missing else "")
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return POSTGRESQL.get(state) or POSTGRESQL.get(state[:2], "")
    # Without a code nobody was there to give one.
    return AWAY if isinstance(error, OperationalError | InterfaceError) else ""


class OutageLog:
    def __init__(self) -> None:
        self._lock = Lock()
        self._is_on = False
        self._looks_at = 0.0

    def note(self, error: BaseException | None) -> bool:
        """Whether the error is one of an outage, which is told by then."""
        what = trouble(error)
        if not what:
            return False
        database.doubt()
        with self._lock:
            if not self._is_on:
                reason = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
                text = "%s (%s). Requests get 503 meanwhile, and deliveries go on by themselves afterwards."
                logger.error(text, what, reason)
            self._is_on, self._looks_at = True, time.monotonic()
        return True

    def look(self) -> None:
        with self._lock:
            if not self._is_on or time.monotonic() < self._looks_at:
                return
            self._looks_at = time.monotonic() + LOOK_EVERY_SECONDS
        try:
            database.is_usable()
        except Exception:  # noqa: BLE001 - whatever a driver raises, it is not over
            return
        with self._lock:
            was_on, self._is_on = self._is_on, False
        if was_on:
            logger.info("The database is there again.")


log = OutageLog()


@contextmanager
def told_once() -> Iterator[None]:
    """Do something for which the database is needed; during an outage it ends there, and comes again by itself."""
    try:
        yield
    except Exception as error:
        if not log.note(error):
            raise
    else:
        log.look()


def failed(request: HttpRequest) -> HttpResponse:
    """The page of an error, in whose handling Django calls this: 503 in words during an outage, else 500."""
    if not log.note(sys.exc_info()[1]):
        return server_error(request)
    page = loader.render_to_string("503.html")
    response = HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    add_never_cache_headers(response)
    response._has_been_logged = True  # type: ignore[attr-defined] # Django would log each, with its traceback
    return response


class OutageMiddleware:
    """Notices that an outage is over, and lets no page wait for the database without end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        connection_created.connect(database.bound, dispatch_uid="config.database.bound")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.status_code != 503 and request.path_info != "/healthz":
            log.look()
        return response
