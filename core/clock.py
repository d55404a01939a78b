"""The time for leases and schedules: the database's, so that workers with wrong clocks agree."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.models import DateTimeField, Func, Value
from django.db.models.expressions import Combinable
from django.utils import timezone


def now() -> datetime:
    """UTC, by the database's clock; SQLite has none but this machine's."""
    if not _has_clock():
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def expression() -> Combinable:
    """The same as an expression in a query that is made anyway, which saves a round trip.

    It is the time at which the statement began: the same for all of its rows, so that an index serves a comparison.
    """
    if not _has_clock():
        return Value(timezone.now(), output_field=DateTimeField())
    return Func(function="statement_timestamp", output_field=DateTimeField())


def to_database(moment: datetime) -> datetime:
    """A moment that this machine's clock gave, as the database would tell it."""
    return now() + (moment - datetime.now(UTC))


def to_local(moment: datetime) -> datetime:
    """A moment that the database gave, as this machine's clock tells it."""
    return datetime.now(UTC) + (moment - now())


def _has_clock() -> bool:
    return connection.vendor != "sqlite"
