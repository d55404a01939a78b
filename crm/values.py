from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, time

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _

from crm import patterns
from crm.models import CRMField, FieldType
from crm.templates.filters import moment, timestamp
from integrations import phones

YES = {"true", "yes", "on", "1"}
NO = {"false", "no", "off", "0"}
LONGEST_NUMBER = 30
MOST_NAMED, LONGEST_NAME = 20, 100
"""Values of a list that a message names, and characters of each."""
SHORTEST_PHONE = 3
"""Digits; an internal extension is a number too."""

_url = URLValidator(schemes=["http", "https"])
_email = EmailValidator()


class ValueProblem(ValueError):
    """A text that its field cannot take; says what it takes instead."""


def convert(field: CRMField, text: str) -> object:
    """Raises ValueProblem. The field's own default passes as it is: `--` may be that of a URL."""
    try:
        if field.pattern:
            _match(field, text)
        return _CONVERSIONS[FieldType(field.type)](field, text)
    except ValueProblem:
        if text == field.default:
            return text
        raise


def _match(field: CRMField, text: str) -> None:
    if validation_error := patterns.validation_error(field.pattern, text):
        raise ValueProblem(validation_error)


def _line(field: CRMField, text: str) -> str:
    return " ".join(text.split())


def _text(field: CRMField, text: str) -> str:
    return text


def _number(field: CRMField, text: str) -> int | float:
    if len(text) <= LONGEST_NUMBER and re.fullmatch(r"[+-]?\d+", text, re.ASCII):
        return int(text)
    if len(text) <= LONGEST_NUMBER and re.fullmatch(r"[+-]?\d*\.\d+", text, re.ASCII):
        return float(text)
    raise ValueProblem(_("This needs a number."))


def _boolean(field: CRMField, text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise ValueProblem(_("This needs yes or no."))


def _date(field: CRMField, text: str) -> str:
    instant = moment(text)
    found = instant.date() if instant else _parsed(parse_date, text)
    if not isinstance(found, date):
        raise ValueProblem(_("This needs a date such as 2026-11-23."))
    return found.isoformat()


def _datetime(field: CRMField, text: str) -> str:
    instant = moment(text)
    if instant is None:
        raise ValueProblem(_("This needs a date and time such as 2026-11-23T09:30:00Z; use the filter date.utc."))
    return timestamp(instant)


def _time(field: CRMField, text: str) -> str:
    instant = moment(text)
    found = instant.time() if instant else _parsed(parse_time, text)
    if not isinstance(found, time):
        raise ValueProblem(_("This needs a time such as 09:30."))
    return found.isoformat(timespec="seconds")


def _parsed(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except ValueError:
        return None


def _address(field: CRMField, text: str) -> str:
    try:
        _url(text)
    except ValidationError as error:
        raise ValueProblem(_("This needs a link that begins with https:// or http://.")) from error
    return text


def _phone(field: CRMField, text: str) -> str:
    """The number in its international form where it has one, else its digits as they are grouped."""
    if len(re.sub(r"\D", "", text)) < SHORTEST_PHONE:
        raise ValueProblem(_("This needs a telephone number."))
    return phones.plain(text) or " ".join(re.sub(r"[^0-9+\-. ]+", " ", text).split())


def _mail(field: CRMField, text: str) -> str:
    try:
        _email(text)
    except ValidationError as error:
        raise ValueProblem(_("This needs an e-mail address.")) from error
    return text


def _choice(field: CRMField, text: str) -> str:
    if field.choices and text not in field.choices:
        raise ValueProblem(_("Use one of: %(choices)s.") % {"choices": first_of(field.choices)})
    return text


def first_of(values: Sequence[object]) -> str:
    named = [str(value)[:LONGEST_NAME] for value in values[:MOST_NAMED]]
    return ", ".join(named if len(values) == len(named) else [*named, "…"])


_CONVERSIONS: dict[FieldType, Callable[[CRMField, str], object]] = {
    FieldType.SHORT_TEXT: _line,
    FieldType.LONG_TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.TIME: _time,
    FieldType.URL: _address,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _mail,
    FieldType.LIST: _choice,
}
