"""What the address of a list may ask. The attack: Django lets it ask any column by any look-up, so a viewer reads a
password's hash letter by letter, or keeps the database busy with a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.admin.filters import FieldListFilter, ListFilter
from django.contrib.admin.options import IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR, IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import EmptyResultSet, FullResultSet, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from maker.searching import LONGEST, MOST_WORDS
from maker.searching import fits as search_fits

ALWAYS = (ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, IS_POPUP_VAR, PAGE_VAR)
MOST_VALUES = 50
"""Of one filter: each becomes a condition of the query, and databases take only so many."""
LONGEST_VALUE = 200
COLUMN = re.compile(r"[0-9]{1,2}")
MOST_TOLD = 5
LONGEST_TOLD = 60
WIDEST = 2**63
"""The first whole number that no column holds."""


class CheckedAddress:
    def get_changelist_instance(self: Any, request: Any) -> Any:
        asked, request.GET = request.GET, understood(self, request)
        _tell_what_is_left_out(request, asked)
        try:
            return super().get_changelist_instance(request)  # type: ignore[misc]
        except IncorrectLookupParameters:  # of what is left only the page may not exist
            request.GET.pop(PAGE_VAR, None)
            messages.warning(request, _("There is no such page: the first one is shown."))
            return super().get_changelist_instance(request)  # type: ignore[misc]


def _tell_what_is_left_out(request: HttpRequest, asked: QueryDict) -> None:
    names = [name for name in asked if name not in request.GET]
    if SEARCH_VAR in names:
        names.remove(SEARCH_VAR)
        limits = {"words": MOST_WORDS, "characters": LONGEST}
        text = _("A search takes at most %(words)d words and %(characters)d characters: the list is shown without it.")
        messages.warning(request, text % limits)
    if names:
        told = ", ".join("".join(filter(str.isprintable, name[:LONGEST_TOLD])) for name in names[:MOST_TOLD])
        text = _("This part of the address is not understood, and the list is shown without it: %(names)s")
        messages.warning(request, text % {"names": told})


def understood(admin: Any, request: HttpRequest) -> QueryDict:
    """The part of the query that the list of `admin` offers, with values that it can look for."""
    asked = dict(request.GET.lists())
    kept = QueryDict(mutable=True)
    names = {*ALWAYS, *(name for name in _of_the_page(admin, request) if name in asked)}
    names |= _of_filters(admin, request, {name: asked[name] for name in asked if name not in names})
    for name in asked:
        if name in names:
            kept.setlist(name, asked[name])
    return kept


def _of_the_page(admin: Any, request: HttpRequest) -> Iterator[str]:
    if search_fits(request.GET.get(SEARCH_VAR, "")):
        yield SEARCH_VAR
    if _is_order(request.GET.get(ORDER_VAR, ""), len(admin.get_list_display(request)) + 1):  # with the boxes to tick
        yield ORDER_VAR
    to_field = request.GET.get(TO_FIELD_VAR)
    if not to_field or admin.to_field_allowed(request, to_field):
        yield TO_FIELD_VAR


def _is_order(text: str, width: int) -> bool:
    columns = [column.removeprefix("-") for column in text.split(".")]
    named = all(COLUMN.fullmatch(column) and int(column) < width for column in columns)
    return not text or (named and len(set(columns)) == len(columns))


def _of_filters(admin: Any, request: HttpRequest, asked: dict[str, list[str]]) -> set[str]:
    left = {name: values for name, values in asked.items() if _is_short(values)}
    names: set[str] = set()
    for entry in admin.get_list_filter(request) if left else ():
        before = set(left)
        with suppress(IncorrectLookupParameters, ValidationError, ValueError, TypeError, OverflowError):
            made = _made(entry, admin, request, left)
            if made is None or _can_be_asked(made.queryset(request, admin.get_queryset(request))):
                names |= before - set(left)
    return names


def _made(entry: Any, admin: Any, request: HttpRequest, parameters: dict[str, list[str]]) -> ListFilter | None:
    if callable(entry):
        made: ListFilter = entry(request, parameters, admin.model, admin)
        return made
    path, kind = entry if isinstance(entry, (list, tuple)) else (entry, FieldListFilter.create)
    field = get_fields_from_path(admin.model, path)[-1]
    return kind(field, request, parameters, admin.model, admin, field_path=path)  # type: ignore[no-any-return]


def _is_short(values: list[str]) -> bool:
    return len(values) <= MOST_VALUES and all(len(value) <= LONGEST_VALUE for value in values)


def _can_be_asked(rows: QuerySet[Any] | None) -> bool:
    """Whether the database takes what the query would send: Django leaves it to the database to refuse it."""
    if rows is None:
        return True
    try:
        values = rows.query.sql_with_params()[1]
    except (EmptyResultSet, FullResultSet):
        return True
    return not any(_is_beyond(value) for value in values)


def _is_beyond(value: object) -> bool:
    return "\0" in value if isinstance(value, str) else isinstance(value, int) and not -WIDEST <= value < WIDEST
