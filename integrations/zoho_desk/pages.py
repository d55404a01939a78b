"""Reading a long list page by page, newest first, without trusting what the spec leaves open.

Not known of `GET /calls` and `GET /contacts` (zoho-facts 4.5, 4.7, 8): whether `sortBy` takes a minus sign, and whether
`from` counts from 0 or 1. So pages overlap, records are told apart by id, and where the minus sign is refused the
list is read from its far end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from integrations.errors import OutcomeUnknown, Refused
from integrations.types import Connection
from integrations.zoho_desk.assumed import assumed
from integrations.zoho_desk.desk import Desk

PER_PAGE = 99
"""100 in the spec, 99 in older text (4.7): what both allow."""
STEP = 90
"""Pages overlap, so that neither the unknown base nor a record deleted meanwhile makes one slip through between two."""

Entry = Mapping[str, Any]


class Newest:
    """The records of a list by creation time, newest first."""

    def __init__(self, desk: Desk, connection: Connection, path: str, params: Mapping[str, str]) -> None:
        self._desk = desk
        self._connection = connection
        self._path = path
        self._params = params

    def __call__(self, enough: Callable[[Entry], bool]) -> Iterator[Entry]:
        """Every record until the first for which `enough` is true.

        Raises OutcomeUnknown when the list ends before that because Zoho shows no more of it: what was not seen
        must not be taken for absent.
        """
        first = self._reached(0, "-createdTime")
        pages = self._from_the_far_end() if first is None else self._descending(first)
        seen: set[str] = set()
        for page in pages:
            for entry in page:
                if enough(entry):
                    return
                if str(entry.get("id")) not in seen:
                    seen.add(str(entry.get("id")))
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
                raise _too_long()
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
            raise _too_long()
        for number in range(low, -1, -1):
            page = last if number == low and last else self._page(number * STEP, "createdTime")
            yield list(reversed(page))


def _too_long() -> OutcomeUnknown:
    return OutcomeUnknown(
        "Zoho Desk shows too little of this long list to tell whether the record was written. It is looked for "
        "again; if that stays so, a person decides."
    )


def search(desk: Desk, connection: Connection, module: str, params: Mapping[str, str]) -> list[Entry]:
    """The first page of a search. It lags behind: an empty answer proves nothing (docs/zoho-facts.md 1)."""
    return desk.page(connection, f"/{module}/search", {**params, "limit": str(PER_PAGE)})
