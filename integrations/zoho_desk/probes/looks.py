from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from integrations.errors import OutcomeUnknown
from integrations.zoho_desk.client import Desk
from integrations.zoho_desk.pagination import PER_PAGE, Newest
from integrations.zoho_desk.probes.sightings import Look
from integrations.zoho_desk.probes.wire import Heard, Wire, filter_by

NEWEST = {"sortBy": "-createdTime", "limit": str(PER_PAGE)}
REFUSED_ORDER = 422


class Looks:
    def __init__(self, wire: Wire, desk: Desk, mark: str) -> None:
        self._wire = wire
        self._desk = desk
        self._mark = mark

    def at(self, contact: Heard, call: Heard, department: str) -> dict[str, Look]:
        """By name; of calls only if one was made."""
        looks = {
            "list-contacts": self._newest("/contacts", {}, contact),
            "search-contacts": self._look("/contacts/search", {"email": str(contact.body.get("email"))}, contact),
        }
        if not call.ok:
            return looks
        return looks | {
            "list-calls": self._newest("/calls", {"departmentId": department}, call),
            "search-calls": self._look("/calls/search", {"subject": f"*{self._mark}*"}, call),
            "filter-calls": self._look("/calls", filter_by("subject", str(call.body.get("subject"))), call),
        }

    def _newest(self, path: str, params: Mapping[str, str], record: Heard) -> Look:
        """The newest of a list: read from its far end, as the client does it, where Zoho takes no minus sign."""
        look = self._look(path, {**NEWEST, **params}, record)
        pages = Newest(self._desk, self._wire.connection, path, params)
        made = str(record.body.get("createdTime"))

        def ask() -> Heard:
            heard = look.ask()
            if heard.status != REFUSED_ORDER:
                return heard
            try:
                newer = list(pages(lambda entry: str(entry.get("createdTime")) < made))
            except OutcomeUnknown:  # the list is longer than Zoho shows
                return heard
            return replace(heard, status=200, code="", body={"data": newer})

        return replace(look, ask=ask)

    def _look(self, path: str, params: dict[str, str], record: Heard) -> Look:
        return Look(
            ask=lambda: self._wire.get(path, params),
            sees=lambda heard: record.body.get("id") in {entry.get("id") for entry in heard.entries},
        )
