"""The time (UTC) for leases and schedules: the database's, so that workers with wrong clocks agree."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.models import DateTimeField, Func, Value
from django.db.models.expressions import Combinable
from django.utils import timezone


def now() -> datetime:
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def expression() -> Combinable:
    """Return when the statement that uses it began: one value for all rows (an index serves), and no round trip."""
    if connection.vendor == "sqlite":
        return Value(timezone.now(), output_field=DateTimeField())
    return Func(function="statement_timestamp", output_field=DateTimeField())


def to_database(moment: datetime) -> datetime:
    return now() + (moment - datetime.now(UTC))


def to_local(moment: datetime) -> datetime:
    return datetime.now(UTC) + (moment - now())
