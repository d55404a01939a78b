"""Looking for a record that we may have written, before writing it again (docs/zoho-facts.md 4.5).

Newest records of the list first, which is read as not index-backed; the search, which lags, only as a second look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from integrations import phones
from integrations.errors import Misconfigured, RecordGone, Refused
from integrations.types import Connection, Record, Sought
from integrations.zoho_desk import contacts, marker
from integrations.zoho_desk.desk import ID, Desk
from integrations.zoho_desk.directory import Directory
from integrations.zoho_desk.modules import CALLS, CONTACTS, Module
from integrations.zoho_desk.pages import Entry, Newest, search
from integrations.zoho_desk.values import moment_of, shown, to_zoho

SLACK = timedelta(seconds=300)
"""How far Zoho's clock may be behind ours."""


class Looking:
    """The look before a second write."""

    def __init__(self, desk: Desk, directory: Directory) -> None:
        self._desk = desk
        self._directory = directory

    def look_for(self, connection: Connection, module: Module, sought: Sought) -> Record | None:
        """The oldest record that is the one sought, None when it is not there.

        Raises OutcomeUnknown when Zoho shows too little to say.
        """
        if module is CONTACTS:
            hits = self._new_contacts(connection, sought)
        else:
            hits = self._marked(connection, module, sought)
        found = sorted(hits, key=lambda entry: (str(entry.get("createdTime") or ""), str(entry.get("id"))))
        return shown(module, found[0]) if found else None

    def _marked(self, connection: Connection, module: Module, sought: Sought) -> list[Entry]:
        if not sought.marker:
            return []
        for path, params in _lists(module, sought.values):
            try:
                hits = [e for e in self._since(connection, path, params, sought.since) if _is(e, sought.marker)]
            except RecordGone:
                continue  # the ticket is gone: the call, if it was written, is in the department's list
            if hits:
                return hits
        return self._second_look(connection, module, sought)

    def _second_look(self, connection: Connection, module: Module, sought: Sought) -> list[Entry]:
        """The search, for what the list cannot show: an edited subject, another department.

        It can only confirm. What it refuses (no right to search, a field that it does not take) decides nothing.
        """
        queries = [{"subject": f"*{sought.marker}*"}]
        if marker.FIELD in self._directory.names(connection, module):
            queries.insert(0, {"customField1": f"{marker.FIELD}:{sought.marker}"})
        for query in queries:
            try:
                page = search(self._desk, connection, module.name, query)
            except (Refused, Misconfigured):
                continue
            if hits := [entry for entry in page if _is(entry, sought.marker)]:
                return hits
        return []

    def _new_contacts(self, connection: Connection, sought: Sought) -> list[Entry]:
        """Contacts made since then with the number or e-mail sought, or with the same name if Zoho shows neither."""
        wanted = contacts.named(to_zoho(CONTACTS, sought.values))
        phone = phones.plain(str(wanted.get("phone") or wanted.get("mobile") or ""))  # "" if too short to compare
        email = str(wanted.get("email") or "")
        return [
            entry
            for entry in self._since(connection, f"/{CONTACTS.name}", {}, sought.since)
            if not contacts.gone(entry) and _is_contact(entry, wanted, phone, email)
        ]

    def _since(self, connection: Connection, path: str, params: Mapping[str, str], since: datetime) -> Iterator[Entry]:
        floor = since - SLACK

        def older(entry: Entry) -> bool:
            created = moment_of(entry.get("createdTime"))
            return created is not None and created < floor

        return Newest(self._desk, connection, path, params)(older)


def _lists(module: Module, values: Mapping[str, object]) -> Iterator[tuple[str, dict[str, str]]]:
    """Where the record would show first: a ticket's calls, then the newest of the department."""
    ticket, department = (str(values.get(name) or "").strip() for name in ("ticketId", "departmentId"))
    if module is CALLS and ID.fullmatch(ticket):
        yield f"/tickets/{ticket}/calls", {}
    yield f"/{module.name}", {"departmentId": department} if ID.fullmatch(department) else {}


def _is(entry: Entry, wanted: str) -> bool:
    custom = entry.get("cf")
    return marker.carries({**entry, **(custom if isinstance(custom, Mapping) else {})}, wanted)


def _is_contact(entry: Mapping[str, Any], wanted: Mapping[str, Any], phone: str, email: str) -> bool:
    telling = (contacts.PHONES if phone else ()) + (contacts.EMAILS if email else ())
    if any(name in entry for name in telling):  # hidden from the agent's profile they are missing (zoho-facts.md 4.1)
        return contacts.is_sought(entry, phone, email)
    names = [name for name in ("firstName", "lastName") if wanted.get(name)]
    return bool(names) and all(str(entry.get(name) or "") == wanted[name] for name in names)
