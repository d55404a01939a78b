"""The filters of magic fields. Each takes what a path gave, which may be nothing, and gives text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from jinja2 import Undefined

from crm.identity import international


class FilterError(ValueError):
    """A filter was given a value that it cannot take; the text is for administrators."""


EARLIEST, LATEST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
"""A moment between these exists in every time zone; beyond them, Python's calendar ends."""


def timestamp(moment: datetime) -> str:
    """`yyyy-MM-ddTHH:mm:ss.SSSZ` in UTC, as Zoho wants it (docs/zoho-facts.md 4.1)."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def moment(value: object) -> datetime | None:
    """Without a zone it is taken as UTC. None for anything else, and for the ends of the calendar."""
    if isinstance(value, str):
        try:
            value = parse_datetime(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    found = value if timezone.is_aware(value) else value.replace(tzinfo=UTC)
    return found if EARLIEST < found < LATEST else None


def _is_empty(value: object) -> bool:
    return value is None or value == "" or isinstance(value, Undefined)


def _string(value: object) -> str:
    return "" if _is_empty(value) else str(value)


def _moment(value: object, name: str) -> datetime | None:
    if _is_empty(value):
        return None
    found = moment(value)
    if found is None:
        raise FilterError(_("The filter %(name)s needs a date and time.") % {"name": name})
    return found


def date_utc(value: object) -> str:
    found = _moment(value, "date.utc")
    return timestamp(found) if found else ""


def date_local(value: object) -> str:
    found = _moment(value, "date.local")
    return f"{timezone.localtime(found):%Y-%m-%d %H:%M}" if found else ""


def lower(value: object) -> str:
    return _string(value).lower()


def upper(value: object) -> str:
    return _string(value).upper()


def trim(value: object) -> str:
    return _string(value).strip()


def default(value: object, instead: object) -> object:
    return instead if _is_empty(value) else value


def truncate(value: object, length: object) -> str:
    if not isinstance(length, int):
        raise FilterError(_("The filter truncate needs a whole number."))
    return _string(value)[: max(length, 0)]


def digits(value: object) -> str:
    return re.sub(r"\D", "", _string(value))


def phone_e164(value: object) -> str:
    return international(_string(value)) or _string(value)


TABLE: dict[str, Callable[..., object]] = {
    "date.utc": date_utc,
    "date.local": date_local,
    "phone.e164": phone_e164,
    "default": default,
    "digits": digits,
    "lower": lower,
    "trim": trim,
    "truncate": truncate,
    "upper": upper,
}


def arguments(name: str) -> tuple[int, int]:
    parameters = list(inspect.signature(TABLE[name]).parameters.values())[1:]
    return sum(p.default is p.empty for p in parameters), len(parameters)
