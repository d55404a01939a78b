"""Whether the database can be used, and how long it may keep somebody waiting."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F

PROOF_SECONDS = 5.0
"""For so long it counts that the database took something in: this is asked every few seconds, and by strangers too."""
BUSY_MILLISECONDS = 1000
STATEMENT_SECONDS = 15.0
"""The longest that the database may work for one page; it ends the statement itself then."""
ANSWER_SECONDS = 20.0
"""After so long without any answer it counts as away: a server that hangs ends no statement."""


class Unprepared(Exception): ...


class _Proof:
    """When (monotonic) the database last took something in from this process."""

    at = -math.inf


def is_usable() -> bool:
    """True; raises what is wrong: it does not answer, it lacks tables, or nothing can be written."""
    if time.monotonic() < _Proof.at + PROOF_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    doubt()
    check_tables()
    _write()
    _Proof.at = time.monotonic()
    return True


def doubt() -> None:
    _Proof.at = -math.inf


def check_tables() -> None:
    """Raises Unprepared, or what the database raises."""
    applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    if not _newest_migrations() <= applied:
        raise Unprepared


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _write() -> None:
    """Change one row into what it is, and commit: only that shows a full disk. It leaves no row."""
    with _impatient(), transaction.atomic():
        row = MigrationRecorder.Migration.objects.filter(app="interactions", name="0001_initial")
        row.update(name=F("name"))


@contextmanager
def _impatient() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def bound(connection: BaseDatabaseWrapper, **_event: Any) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(int(STATEMENT_SECONDS * 1000))])
    # psycopg (3.3) offers no public bound on the wait for an answer; every statement goes through this method.
    raw: psycopg.Connection = connection.connection
    wait = raw.wait

    def bounded(*args: Any, **options: Any) -> Any:
        try:
            return wait(*args, **{"timeout": ANSWER_SECONDS} | options)
        except psycopg.errors._WaitTimeout:
            raw.pgconn.finish()  # an answer that came now would be taken for that to the next question
            raise psycopg.OperationalError("the server did not answer in time") from None

    raw.wait = bounded  # type: ignore[method-assign]
