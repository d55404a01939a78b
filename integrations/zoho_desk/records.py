"""Records of Zoho Desk: find, read, create, update."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.errors import OutcomeUnknown, RecordGone, Refused
from integrations.types import Connection, Record, Search
from integrations.zoho_desk import contacts, errors, marker, serialization
from integrations.zoho_desk.client import Desk, digits
from integrations.zoho_desk.directory import Directory
from integrations.zoho_desk.schema import CONTACTS, Module


class Records:
    """Contacts, calls and tickets of a portal."""

    def __init__(self, desk: Desk, directory: Directory) -> None:
        self._desk = desk
        self._directory = directory

    def find(self, connection: Connection, module: Module, search: Search) -> list[Record]:
        """Contacts by number, e-mail or name. Calls and tickets are nobody's card: none is ever found."""
        return contacts.find(self._desk, connection, search) if module is CONTACTS else []

    def read(self, connection: Connection, module: Module, record_id: str) -> Record:
        """One record. Raises RecordGone."""
        body = self._desk.read(connection, _path(module, record_id))
        # 204: Zoho's word for nothing found (docs/zoho-facts.md 4.1); what lies in the bin may be shown still
        if not body or contacts.gone(body):
            raise RecordGone(errors.BY_CODE["URL_NOT_FOUND"].message, status=204 if not body else 200)
        return serialization.shown(module, body)

    def create(self, connection: Connection, module: Module, given: Mapping[str, object], mark: str) -> Record:
        """Write a new record with our marker where it can carry one."""
        body = serialization.to_zoho(module, given)
        if module is CONTACTS:
            body = contacts.named(body)
        if module.marked and mark:
            body["subject"] = marker.mark(str(body.get("subject") or ""), mark, module.lengths["subject"])
            if marker.FIELD in self._directory.names(connection, module):
                body["cf"] = {**_custom(body), marker.FIELD: mark}
        elif module.marked and "subject" in body:
            body["subject"] = marker.mark(str(body["subject"]), "", module.lengths["subject"])
        return self._written(connection, "POST", module, f"/{module.name}", body)

    def update(self, connection: Connection, module: Module, record_id: str, given: Mapping[str, object]) -> Record:
        """Change a record; an empty value clears, a subject keeps the marker of the record. Raises RecordGone."""
        path = _path(module, record_id)
        body = serialization.to_zoho(module, given, clearing=True)
        if not body:
            raise Refused("There is no value to write, so nothing was sent. Fill in a field.")
        if module.marked and "subject" in body:
            mark = marker.marker_of(self.read(connection, module, record_id).values)
            body["subject"] = marker.mark(str(body["subject"]), mark, module.lengths["subject"])
        return self._written(connection, "PATCH", module, path, body)

    def _written(
        self, connection: Connection, method: str, module: Module, path: str, body: Mapping[str, object]
    ) -> Record:
        record = serialization.from_zoho(module, self._desk.write(connection, method, path, body))
        if not record.id:  # a good answer that names no record says nothing of what was written
            raise OutcomeUnknown(errors.NOT_SEEN.message)
        return record


def _path(module: Module, record_id: str) -> str:
    return f"/{module.name}/{digits(record_id, of='record')}"


def _custom(body: Mapping[str, object]) -> dict[str, object]:
    custom = body.get("cf")
    return dict(custom) if isinstance(custom, dict) else {}
