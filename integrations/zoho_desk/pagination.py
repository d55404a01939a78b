"""Reading a long list page by page, newest first, without trusting what the spec leaves open.

Not known of `GET /calls` and `GET /contacts` (zoho-facts 4.5, 4.7, 8): whether `sortBy` takes a minus sign, and whether
`from` counts from 0 or 1. So pages overlap, records are told apart by id, and where the minus sign is refused, or taken
and not heeded, the list is read from its far end. Its order is looked at, never believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from integrations.errors import OutcomeUnknown, Refused
from integrations.types import Connection
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.client import Desk, id_of
from integrations.zoho_desk.serialization import moment_of

PER_PAGE = 99
"""100 in the spec, 99 in older text (4.7): what both allow."""
STEP = 90
"""Pages overlap, so that neither the unknown base nor a record deleted meanwhile makes one slip through between two."""
NEARLY = timedelta(minutes=1)
"""How far two records may have changed places: much less than the slack of a look (looking.SLACK)."""
NOT_TOLD = datetime.max.replace(tzinfo=UTC)

Entry = Mapping[str, Any]


class Newest:
    def __init__(self, desk: Desk, connection: Connection, path: str, params: Mapping[str, str]) -> None:
        self._desk = desk
        self._connection = connection
        self._path = path
        self._params = params

    def __call__(self, enough: Callable[[Entry], bool]) -> Iterator[Entry]:
        """Raises OutcomeUnknown when the list ends before `enough` is true, or shows no order: what was not seen must
        not be taken for absent.
        """
        first = self._reached(0, "-createdTime")
        pages: Iterable[list[Entry]]
        if first is not None and len(first) < PER_PAGE:
            pages = [sorted(first, key=_created, reverse=True)]  # all there is, whatever its order
        elif first is not None and _is_newest_first(first):
            pages = self._descending(first)
        else:
            pages = self._from_the_far_end()
        seen: set[str] = set()
        for page in pages:
            if not _is_newest_first(page):
                raise _not_told("no order of time in")
            for entry in page:
                if enough(entry):
                    return
                identity = id_of(entry.get("id"))
                if identity not in seen:
                    seen.update({identity} - {""})
                    yield entry

    def _page(self, start: int, order: str) -> list[Entry]:
        params = {**self._params, "sortBy": order, "limit": str(PER_PAGE)}
        if start:  # left out on the first page, since the base is not known
            params["from"] = str(start)
        return self._desk.page(self._connection, self._path, params)

    def _reached(self, start: int, order: str) -> list[Entry] | None:
        """A page; None where Zoho takes no such order, or no `from` that goes so far (4.7: 999 in the spec)."""
        try:
            return self._page(start, order)
        except Refused as error:
            if error.status != 422:
                raise
            return None

    def _descending(self, first: list[Entry]) -> Iterator[list[Entry]]:
        page: list[Entry] | None = first
        for start in count(STEP, STEP):
            if page is None:
                raise _not_told("too little of")
            yield page
            if len(page) < PER_PAGE:
                return
            page = self._reached(start, "-createdTime") if start <= assumed.furthest_from else None

    def _from_the_far_end(self) -> Iterator[list[Entry]]:
        """The pages of the ascending list backwards, after a bisection for the last one that holds something."""
        low = 0
        furthest = high = assumed.furthest_from // STEP
        last: list[Entry] = []
        while low < high:
            middle = (low + high + 1) // 2
            page = self._reached(middle * STEP, "createdTime")
            if page:
                low, last = middle, page
            else:
                high = middle - 1
                furthest = high if page is None else furthest
        if low == furthest and len(last) >= STEP:
            raise _not_told("too little of")
        for number in range(low, -1, -1):
            page = last if number == low and last else self._page(number * STEP, "createdTime")
            yield list(reversed(page))


def _created(entry: Entry) -> datetime:
    return moment_of(entry.get("createdTime")) or NOT_TOLD


def _is_newest_first(page: list[Entry]) -> bool:
    """Whether no record is newer than one before it, as far as the times tell."""
    oldest = NOT_TOLD
    for created in map(_created, page):
        if created != NOT_TOLD and created - oldest > NEARLY:
            return False
        oldest = min(oldest, created)
    return True


def _not_told(how: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"Zoho Desk shows {how} this long list, so it does not tell whether the record was written. It is looked for "
        "again; if that stays so, a person decides."
    )


def search(desk: Desk, connection: Connection, module: str, params: Mapping[str, str]) -> list[Entry]:
    """The first page of a search. It lags behind: an empty answer proves nothing (docs/zoho-facts.md 1)."""
    return desk.page(connection, f"/{module}/search", {**params, "limit": str(PER_PAGE)})
