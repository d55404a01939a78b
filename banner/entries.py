from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import is_naive, localtime, make_aware
from django.utils.translation import gettext as _

from crm.form import FormError
from crm.models import CRMField, FieldType
from crm.templates.filters import moment

LONGEST = {FieldType.LONG_TEXT: 32_000}
LONGEST_LINE = 2_500
"""Characters: more than a vendor takes, less than what would make anybody wait."""
_INPUTS = {
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime-local",
    FieldType.TIME: "time",
    FieldType.URL: "url",
    FieldType.PHONE: "tel",
    FieldType.EMAIL: "email",
}
_YES, _NO = "true", "false"


@dataclass(frozen=True)
class Entry:
    """One field as a person fills it. `was` is the text that the page began with."""

    field: CRMField
    text: str
    was: str
    validation_error: str = ""

    @property
    def input(self) -> str:
        return _INPUTS.get(FieldType(self.field.type), "text")

    @property
    def room(self) -> int:
        return room(self.field)

    @property
    def choices(self) -> list[str]:
        offered = [str(choice) for choice in self.field.choices]
        return offered if not self.text or self.text in offered else [*offered, self.text]


@dataclass(frozen=True)
class Shown:
    name: str
    text: str
    is_link: bool
    is_long: bool


def room(field: CRMField) -> int:
    """What an input takes: more than may be saved, so that a pasted text is not cut without a word."""
    return 4 * longest(field)


def longest(field: CRMField) -> int:
    return LONGEST.get(FieldType(field.type), LONGEST_LINE)


def typed(field: CRMField, value: object) -> str:
    if value is None:
        return ""
    if field.type == FieldType.BOOLEAN:
        return _YES if value is True or str(value).lower() == _YES else _NO
    if field.type == FieldType.DATETIME and (instant := moment(value)):
        return f"{localtime(instant):%Y-%m-%dT%H:%M}"
    if field.type == FieldType.TIME:
        return str(value)[:5]
    return str(value)


def shown(fields: Iterable[CRMField], values: Mapping[str, object]) -> list[Shown]:
    return [
        Shown(
            field.name,
            readable(field, values.get(field.api_name)),
            field.type == FieldType.URL,
            field.type == FieldType.LONG_TEXT,
        )
        for field in fields
    ]


def begun(fields: Iterable[CRMField], values: Mapping[str, object]) -> list[Entry]:
    texts = ((field, typed(field, values.get(field.api_name))) for field in fields)
    return [Entry(field, text, text) for field, text in texts]


def entered(fields: Iterable[CRMField], posted: QueryDict, validation_errors: Mapping[str, str]) -> list[Entry]:
    return [
        Entry(
            field,
            entry_text(field, posted),
            was(field, posted)[: room(field)],
            validation_errors.get(field.api_name, ""),
        )
        for field in fields
    ]


def changes(fields: Iterable[CRMField], posted: QueryDict, *, all_of_them: bool = False) -> dict[str, str]:
    """Only what a person changed: a colleague's change of another field stays. Raises FormError (too long, missing)."""
    texts: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        text = sent_text(field, posted)
        if not all_of_them and text == was(field, posted):
            continue
        if len(text) > longest(field):
            wrong[field.api_name] = _("This takes at most %(most)d characters.") % {"most": longest(field)}
        elif field.required and not text.strip():
            wrong[field.api_name] = _("This is required.")
        else:
            texts[field.api_name] = _instant(text) if field.type == FieldType.DATETIME else text
    if wrong:
        raise FormError(wrong)
    return texts


def entry_text(field: CRMField, posted: QueryDict) -> str:
    return sent_text(field, posted)[: room(field)]


def was(field: CRMField, posted: QueryDict) -> str:
    """The text that the form began with. A browser sends the end of a line as two characters."""
    return posted.get(f"was.{field.api_name}", "").replace("\r\n", "\n")


def sent_text(field: CRMField, posted: QueryDict) -> str:
    if field.type == FieldType.BOOLEAN and not posted.get(field.api_name):
        # A browser sends nothing for an unticked box: it means no, unless there was no value to begin with.
        return _NO if field.required or posted.get(f"was.{field.api_name}") else ""
    return posted.get(field.api_name, "").replace("\r\n", "\n").replace("\0", "")


def _instant(text: str) -> str:
    """An input of date and time has no zone: it means the one in which the page shows times."""
    try:
        parsed = parse_datetime(text)
    except ValueError:
        return text
    return make_aware(parsed).isoformat() if parsed and is_naive(parsed) else text


def readable(field: CRMField, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.type == FieldType.DATETIME and (instant := moment(value)):
        return date_format(localtime(instant), "SHORT_DATETIME_FORMAT")
    return str(value)
