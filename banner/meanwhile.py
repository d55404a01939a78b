from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from banner.entries import Entry, entry_text, typed, was
from crm import identity
from crm.models import CRMField, FieldType


@dataclass(frozen=True)
class Comparison:
    """`news`: what is to be written · `disputed`: API name to what somebody else has put there, as text."""

    news: dict[str, object]
    disputed: dict[str, str]


def compare(
    fields: Collection[CRMField],
    posted: QueryDict,
    values: Mapping[str, object],
    current: Mapping[str, object],
    *,
    nobodys: Collection[str] = (),
) -> Comparison:
    """Disputed is what the agent changed and somebody else too: neither what the form began with nor in `nobodys`."""
    found = Comparison({}, {})
    for field in fields:
        name = field.api_name
        if name not in values:
            continue
        mine, theirs, began = typed(field, values[name]), typed(field, current.get(name)), was(field, posted)
        if same(field, mine, theirs):
            continue
        if not theirs or same(field, theirs, began) or any(same(field, theirs, text) for text in nobodys):
            found.news[name] = values[name]
        elif not same(field, mine, began):
            found.disputed[name] = theirs
    return found


def same(field: CRMField, one: str, other: str) -> bool:
    """Whether both texts are the same value, however each is spelled."""
    if field.type == FieldType.PHONE and (keys := identity.of_phone(one)):
        return keys == identity.of_phone(other)
    if field.type == FieldType.EMAIL:
        return one.strip().casefold() == other.strip().casefold()
    if field.type == FieldType.NUMBER:
        with suppress(ValueError):
            return float(one) == float(other)
    if field.type == FieldType.LONG_TEXT:
        lines, others = ([line.rstrip() for line in text.strip().splitlines()] for text in (one, other))
        return lines == others
    return one.split() == other.split()


def questions(
    fields: Collection[CRMField], posted: QueryDict, current: Mapping[str, object], found: Comparison
) -> list[Entry]:
    """What the agent typed, in a form that begins with what the card holds now: to save again is their decision."""
    entries = []
    for field in fields:
        name = field.api_name
        theirs = typed(field, current.get(name))
        keeps = name in found.news or name in found.disputed
        validation_error = ""
        if name in found.disputed:
            text = _("Meanwhile somebody wrote “%(text)s” here. Save replaces it; to keep it, write it back.")
            validation_error = text % {"text": theirs}
        entries.append(Entry(field, entry_text(field, posted) if keeps else theirs, theirs, validation_error))
    return entries


def kept_otherwise(
    fields: Collection[CRMField], sent: Mapping[str, object], answer: Mapping[str, object]
) -> list[tuple[str, str]]:
    """Fields that the answer does not confirm: name and sent text."""
    return [
        (field.name, typed(field, sent[field.api_name]))
        for field in fields
        if field.api_name in sent
        and not same(field, typed(field, sent[field.api_name]), typed(field, answer.get(field.api_name)))
    ]
