from __future__ import annotations

from collections.abc import Mapping

from integrations import base
from integrations.errors import OutcomeUnknown, RecordGone, Refused
from integrations.types import Connection, Record, Search
from integrations.zoho_desk import contacts, errors, reasons, serialization, validation
from integrations.zoho_desk import marker as marks
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.client import Desk, digits
from integrations.zoho_desk.fields import Fields
from integrations.zoho_desk.schema import CONTACTS, Module, module_of


class Reader(base.RecordReader):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def settle_seconds(self) -> float:  # type: ignore[override] # the operator may correct it at any time
        return assumed.settle_seconds

    def find(self, connection: Connection, module: str, search: Search) -> list[Record]:
        """Contacts by number, e-mail or name. Calls and tickets are nobody's card: none is ever found."""
        return contacts.find(self._desk, connection, search) if module_of(module) is CONTACTS else []

    def read(self, connection: Connection, module: str, record_id: str) -> Record:
        """One record. Raises RecordGone."""
        kind = module_of(module)
        body = self._desk.read(connection, _path(kind, record_id))
        # 204: Zoho's word for nothing found (docs/zoho-facts.md 4.1); what lies in the bin may be shown still
        if not body or contacts.gone(body):
            raise RecordGone(errors.BY_CODE["URL_NOT_FOUND"].reason, status=204 if not body else 200)
        return serialization.shown(kind, body)


class Writer(base.RecordWriter):
    def __init__(self, desk: Desk, fields: Fields, reader: Reader) -> None:
        self._desk = desk
        self._fields = fields
        self._reader = reader

    def create(self, connection: Connection, module: str, values: Mapping[str, object], *, marker: str = "") -> Record:
        kind = module_of(module)
        body = serialization.to_zoho(kind, values)
        if kind is CONTACTS:
            body = contacts.named(body)
        if kind.marked and marker:
            body["subject"] = marks.mark(str(body.get("subject") or ""), marker, kind.lengths["subject"])
            if marks.FIELD in self._fields.names(connection, kind):
                body["cf"] = {**_custom(body), marks.FIELD: marker}
        elif kind.marked and "subject" in body:
            body["subject"] = marks.mark(str(body["subject"]), "", kind.lengths["subject"])
        return self._written(connection, "POST", kind, f"/{kind.name}", body)

    def update(self, connection: Connection, module: str, record_id: str, values: Mapping[str, object]) -> Record:
        """Change a record; an empty value clears, a subject keeps the marker of the record. Raises RecordGone."""
        kind = module_of(module)
        path = _path(kind, record_id)
        body = serialization.to_zoho(kind, values, clearing=True)
        if not body:
            raise Refused(reasons.NOTHING_TO_WRITE)
        if kind.marked and "subject" in body:
            marker = marks.marker_of(self._reader.read(connection, module, record_id).values)
            body["subject"] = marks.mark(str(body["subject"]), marker, kind.lengths["subject"])
        return self._written(connection, "PATCH", kind, path, body)

    def validation_errors(self, module: str, values: Mapping[str, object]) -> dict[str, str]:
        return validation.validation_errors(module_of(module), values)

    def _written(
        self, connection: Connection, method: str, module: Module, path: str, body: Mapping[str, object]
    ) -> Record:
        record = serialization.from_zoho(module, self._desk.write(connection, method, path, body))
        if not record.id:  # a good answer that names no record says nothing of what was written
            raise OutcomeUnknown(errors.NOT_SEEN.reason)
        return record


def _path(module: Module, record_id: str) -> str:
    return f"/{module.name}/{digits(record_id, of='record')}"


def _custom(body: Mapping[str, object]) -> dict[str, object]:
    custom = body.get("cf")
    return dict(custom) if isinstance(custom, dict) else {}
