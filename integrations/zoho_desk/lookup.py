"""Before writing again (docs/zoho-facts.md 4.5). The newest of the list first; the search, which lags, only as a
second look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from integrations import base, phones
from integrations.errors import Misconfigured, RecordGone, Refused
from integrations.types import Connection, Record, Sought
from integrations.zoho_desk import contacts, marker, visibility
from integrations.zoho_desk.client import ID, Desk
from integrations.zoho_desk.fields import Fields
from integrations.zoho_desk.pagination import Entry, Newest, search
from integrations.zoho_desk.schema import CALLS, CONTACTS, Module, module_of
from integrations.zoho_desk.serialization import moment_of, shown, to_zoho

NAMES = ("firstName", "lastName")
BY_WHICH_KNOWN = (*contacts.PHONES, *contacts.EMAILS, *NAMES)
SLACK = timedelta(seconds=300)
"""How far Zoho's clock may be behind ours."""


class Look(base.LookUp):
    def __init__(self, desk: Desk, fields: Fields) -> None:
        self._desk = desk
        self._fields = fields

    def look_for(self, connection: Connection, sought: Sought) -> Record | None:
        """The oldest that is sought, None when it is not there. Raises OutcomeUnknown when Zoho shows too little,
        Misconfigured when it hides what we look for.
        """
        module = module_of(sought.module)
        if module is CONTACTS:
            hits = self._new_contacts(connection, sought)
        else:
            hits = self._marked(connection, module, sought)
        found = sorted(hits, key=lambda entry: (str(entry.get("createdTime") or ""), str(entry.get("id"))))
        return shown(module, found[0]) if found else None

    def _marked(self, connection: Connection, module: Module, sought: Sought) -> list[Entry]:
        if not sought.marker:
            return []
        all_shown = True
        for path, params in _lists(module, sought.values):
            try:
                seen = list(self._since(connection, path, params, sought.since))
            except RecordGone:
                continue  # the ticket is gone: the call, if it was written, is in the department's list
            if hits := [entry for entry in seen if _is(entry, sought.marker)]:
                return hits
            all_shown = all_shown and all(map(visibility.shows_its_marker, seen))
        hits = self._second_look(connection, module, sought)
        if not hits and not all_shown:
            raise visibility.unseen(module, ["subject"])
        return hits

    def _second_look(self, connection: Connection, module: Module, sought: Sought) -> list[Entry]:
        """It can only confirm: what the search refuses decides nothing."""
        # Where a leading * is not heeded, the marker itself is a word, or two (knob of the stand-in, 4.6).
        queries = [{"subject": f"*{sought.marker}*"}, {"subject": sought.marker}]
        if marker.FIELD in self._fields.names(connection, module):
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
        new = [
            entry
            for entry in self._since(connection, f"/{CONTACTS.name}", {}, sought.since)
            if not contacts.gone(entry)
        ]
        hits = [entry for entry in new if _is_contact(entry, wanted, phone, email)]
        if not hits and any(_is_nobody(entry, wanted) for entry in new):
            raise visibility.unseen(CONTACTS, [name for name in BY_WHICH_KNOWN if wanted.get(name)])
        return hits

    def _since(self, connection: Connection, path: str, params: Mapping[str, str], since: datetime) -> Iterator[Entry]:
        floor = since - SLACK

        def older(entry: Entry) -> bool:
            created = moment_of(entry.get("createdTime"))
            return created is not None and created < floor

        return Newest(self._desk, connection, path, params)(older)


def _lists(module: Module, values: Mapping[str, object]) -> Iterator[tuple[str, dict[str, str]]]:
    ticket, department = (str(values.get(name) or "").strip() for name in ("ticketId", "departmentId"))
    if module is CALLS and ID.fullmatch(ticket):
        yield f"/tickets/{ticket}/calls", {}
    yield f"/{module.name}", {"departmentId": department} if ID.fullmatch(department) else {}


def _is(entry: Entry, wanted: str) -> bool:
    custom = entry.get("cf")
    return marker.carries({**entry, **(custom if isinstance(custom, Mapping) else {})}, wanted)


def _is_contact(entry: Entry, wanted: Mapping[str, Any], phone: str, email: str) -> bool:
    """By what we wrote of it; by its name where the agent's profile hides all of that (zoho-facts.md 4.1)."""
    telling = (contacts.PHONES if phone else ()) + (contacts.EMAILS if email else ())
    if any(name in entry and wanted.get(name) for name in telling) or contacts.is_sought(entry, phone, email):
        return contacts.is_sought(entry, phone, email)
    names = [name for name in NAMES if wanted.get(name)]
    return bool(names) and all(str(entry.get(name) or "") == wanted[name] for name in names)


def _is_nobody(entry: Entry, wanted: Mapping[str, Any]) -> bool:
    """Whether nothing of what we wrote shows in it, so that it may be ours."""
    written = [name for name in BY_WHICH_KNOWN if wanted.get(name)]
    return bool(written) and not any(name in entry for name in written)
