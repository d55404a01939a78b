"""Lists: order, pages, and the two ways of counting from (docs/zoho-facts.md 4.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from operator import methodcaller
from typing import Any

from fakezoho.desk.matching import Match, narrowed
from fakezoho.desk.problems import Refused
from fakezoho.desk.request import DeskRequest
from fakezoho.index import lowered
from fakezoho.module import Record


def ordered(
    records: dict[str, Record], sort_by: str | None, others: Mapping[str, Callable[[Record], Any]] | None = None
) -> Iterable[Record]:
    """Order by a field or by one of the ``others``, ``-`` for descending; records already are by creation."""
    if sort_by in {None, "createdTime"}:
        return records.values()
    assert sort_by is not None  # noqa: S101 -- for the type checker
    name = sort_by.removeprefix("-")
    if name == "createdTime":
        return reversed(records.values())
    value = (others or {}).get(name) or methodcaller("get", name)
    return sorted(records.values(), key=lambda record: lowered(value(record)), reverse=sort_by[0] == "-")


def cut(records: Iterable[Record], query: dict[str, Any], base: int, limit: int) -> list[Record]:
    """Return one page; ``base`` is the number of the first record, ``limit`` the default length."""
    start = max(0, query.get("from", base) - base)
    return list(islice(records, start, start + query.get("limit", limit)))


def page(records: list[Record]) -> dict[str, Any] | None:
    """Wrap a list; None, when it is empty, becomes 204 (4.1)."""
    return {"data": records} if records else None


def searched(r: DeskRequest, name: str, matches: list[Match]) -> list[Record]:
    """Return the records that meet all conditions as the search index knows them, in the order asked for."""
    records = narrowed(r.module(name).searchable, r.now, matches)
    sort_by = r.query.get("sortBy")
    in_order = ordered(records, None if sort_by in {"relevance", "-relevance"} else sort_by)
    return [record for record in in_order if all(match.test(record) for match in matches)]


def search_page(
    r: DeskRequest, found: list[Record], shape: Callable[[DeskRequest, Record], Record] | None = None
) -> dict[str, Any] | None:
    """Return one page of a search, which counts from 0, with the number of all that matched."""
    highest = r.knobs.search_from_max
    if r.query.get("from", 0) > highest:
        raise Refused("UNPROCESSABLE_ENTITY", f"The value passed for field 'from' exceeds the range of '0-{highest}'.")
    shown = cut(found, r.query, 0, 10)
    if not shown:
        return None
    if shape:
        shown = [shape(r, record) for record in shown]
    return {"data": shown, "count": str(len(found)) if r.knobs.count_as_text else len(found)}


def refuse_minus(r: DeskRequest) -> None:
    """Where the spec names only bare fields, a minus sign may be refused (4.5, section 8)."""
    if not r.knobs.minus_sort and str(r.query.get("sortBy", "")).startswith("-"):
        raise Refused("UNPROCESSABLE_ENTITY", "The value passed for field 'sortBy' is not valid.")
