"""Fields and layouts: what a module's records may and must carry (docs/zoho-facts.md 4.5)."""

from __future__ import annotations

import re
from typing import Any

from fakezoho.desk.field_tables import MARKER, RECORDING, TABLES, FieldRow
from fakezoho.desk.listing import cut, page
from fakezoho.desk.problems import Refused, invalid
from fakezoho.desk.request import DeskRequest
from fakezoho.knobs import Knobs, listed
from fakezoho.module import Record
from fakezoho.portal import Portal

# Layouts write the modules in their own spelling.
LAYOUT_MODULES = {"calls": "Calls", "contacts": "Contacts", "tickets": "Cases", "accounts": "Accounts"}
LAYOUT_NUMBERS = {"calls": 1, "contacts": 2, "tickets": 3, "accounts": 4}
# What the portals here cannot have: better refused than quietly ignored.
UNSERVED = frozenset({
    "teamId", "productId", "customFields", "uploads", "secondaryContacts", "entitySkills", "sharedDepartments",
    "parentTicket", "sourceTicket", "ticketCreationType", "clonedTicketId", "blueprint",
})  # fmt: skip
FILTER = re.compile(r"^\s*(\w+)\s*=\s*'?([\w ]+)'?\s*$")


def custom_fields(portal: Portal, module: str, knobs: Knobs) -> dict[str, FieldRow]:
    if module != "calls":
        return {}
    recording = RECORDING._replace(name=knobs.recording_field)
    own = [MARKER, recording] if portal.has_call_fields and knobs.custom_fields else []
    mandatory = listed(knobs.mandatory_fields)
    known = {row.name for row in own}
    own += [FieldRow(name, name, "Text", 100, custom=True) for name in mandatory if name not in known]
    return {row.name: row._replace(mandatory=row.name in mandatory) for row in own}


def check(r: DeskRequest, module: str, creating: bool = False) -> None:
    """Check what a portal settles itself: custom fields, layouts, teams, products; raises Refused (422)."""
    check_custom_fields(r, module, r.body.get("cf") or {}, creating)
    layout_id = r.body.get("layoutId")
    if layout_id is not None and str(layout_id) not in {own["id"] for own in _layouts(r, module)}:
        raise invalid("/layoutId")
    for name in UNSERVED & set(r.body):
        if r.body[name]:
            raise invalid(f"/{name}")


def check_custom_fields(r: DeskRequest, module: str, given: dict[str, Any], creating: bool) -> None:
    """Check names, lengths and mandatory fields; raises Refused (422)."""
    known = custom_fields(r.portal, module, r.knobs)
    errors: list[dict[str, str]] = []
    for name, value in given.items():
        if name not in known or not _fits(known[name], value):
            errors.append({"fieldName": f"/cf/{name}", "errorType": "invalid"})
    for row in known.values():
        absent = given.get(row.name) in {None, ""} if row.name in given else creating
        if row.mandatory and absent:
            errors.append({"fieldName": f"/cf/{row.name}", "errorType": "missing"})
    if errors:
        raise Refused("INVALID_DATA", errors=errors)


def _fits(row: FieldRow, value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= row.longest)


def rows(portal: Portal, module: str, knobs: Knobs) -> list[tuple[str, FieldRow]]:
    """Return the module's fields with their ids; the knob's statuses join the call's picklist."""
    own = [*TABLES[module], *custom_fields(portal, module, knobs).values()]
    if module == "calls":
        extra = tuple(listed(knobs.call_statuses))
        own = [row._replace(values=row.values + extra) if row.name == "status" else row for row in own]
    start = 800_000_000 + LAYOUT_NUMBERS[module] * 1_000
    return [(f"{portal.prefix}{start + number}", row) for number, row in enumerate(own)]


def _module(name: str) -> str:
    if name.lower() not in TABLES:
        raise Refused("UNPROCESSABLE_ENTITY", "The value passed for field 'module' is not valid.")
    return name.lower()


def _field(field_id: str, row: FieldRow) -> Record:
    return {
        "id": field_id,
        "apiName": row.name,
        "displayLabel": row.label,
        "i18NLabel": row.label,
        "name": row.name,
        "type": row.kind,
        "maxLength": row.longest,
        "isMandatory": row.mandatory,
        "isCustomField": row.custom,
        "isEncryptedField": False,
    }


def _listed_field(field_id: str, row: FieldRow, knobs: Knobs) -> Record:
    field = _field(field_id, row) | {"sourceType": "USERDEFINED" if row.custom else "SYSTEM"}
    if row.values and knobs.picklists_in_fields:
        field["pickListValues"] = [{"value": value} for value in row.values]
    return field


def fields(r: DeskRequest) -> Any:
    every = rows(r.portal, _module(r.query["module"]), r.knobs)
    if "associatedDepartments" in r.query:
        every = _on_layouts(r, every)
    found = [_listed_field(field_id, row, r.knobs) for field_id, row in every]
    if "apiNames" in r.query:
        found = [field for field in found if field["apiName"] in r.query["apiNames"]]
    if "filter" in r.query:
        found = _filtered(found, r.query["filter"])
    return page(found)


def _on_layouts(r: DeskRequest, every: list[tuple[str, FieldRow]]) -> list[tuple[str, FieldRow]]:
    """Return the fields of a department's layouts, alike in all departments here."""
    if r.query["associatedDepartments"] not in r.module("departments").records:
        raise Refused("UNPROCESSABLE_ENTITY", "The value passed for field 'associatedDepartments' is not valid.")
    return [(field_id, row) for field_id, row in every if row.in_layout]


def _filtered(found: list[Record], expression: str) -> list[Record]:
    match = FILTER.match(expression)
    if match is None:
        raise Refused("UNPROCESSABLE_ENTITY", "The value passed for field 'filter' is not valid.")
    name, value = match.groups()
    return [field for field in found if str(field.get(name)).lower() == value.lower()]


def field(r: DeskRequest) -> Any:
    for module in TABLES:
        for field_id, row in rows(r.portal, module, r.knobs):
            if field_id == r.path["fieldId"]:
                return _listed_field(field_id, row, r.knobs)
    raise Refused("URL_NOT_FOUND")


def organization_fields(r: DeskRequest) -> Any:
    """Give the older answer: picklists as ``allowedValues``, statuses with their type."""
    found = []
    for field_id, row in rows(r.portal, _module(r.query["module"]), r.knobs):
        record = _field(field_id, row)
        if row.values:
            record["allowedValues"] = [_allowed(row, value) for value in row.values]
        found.append(record)
    if "apiNames" in r.query:
        found = [record for record in found if record["apiName"] in r.query["apiNames"]]
    return page(found)


def _allowed(row: FieldRow, value: str) -> Record:
    if row.name != "status":
        return {"value": value}
    open_ones = {"Scheduled", "In Progress", "Open", "Escalated"}
    kind = "On Hold" if value == "On Hold" else "Open" if value in open_ones else "Closed"
    return {"value": value, "statusType": kind}


def _layouts(r: DeskRequest, module: str) -> list[Record]:
    start = 900_000_000 + LAYOUT_NUMBERS[module]
    departments = r.module("departments").records.values()
    return [_layout(f"{r.portal.prefix}{start + at * 100}", module, own) for at, own in enumerate(departments)]


def _layout(layout_id: str, module: str, department: Record) -> Record:
    return {
        "id": layout_id,
        "layoutName": department["name"],
        "layoutDisplayName": department["name"],
        "layoutDesc": None,
        "module": LAYOUT_MODULES[module],
        "departmentId": department["id"],
        "status": "active",
        "isDefaultLayout": department["isDefault"],
        "isStandardLayout": True,
        "skipDeptAccessValidation": False,
        "hasLogo": False,
        "photoURL": None,
        "createdTime": department["createdTime"],
        "modifiedTime": department["createdTime"],
    }


def layouts(r: DeskRequest) -> Any:
    found = _layouts(r, _module(r.query["module"]))
    for given, name in (("departmentId", "departmentId"), ("id", "id"), ("layoutName", "layoutName")):
        if given in r.query:
            found = [layout for layout in found if layout[name] == r.query[given]]
    if r.query.get("status") == "inactive":
        return None
    return page(cut(found, r.query, 0, 99))


def layout(r: DeskRequest) -> Any:
    for module, record in [(name, record) for name in LAYOUT_NUMBERS for record in _layouts(r, name)]:
        if record["id"] == r.path["layoutId"]:
            shown = [_layout_field(i, row) for i, row in rows(r.portal, module, r.knobs) if row.in_layout]
            name = f"{record['module']} Information"
            return {**record, "sections": [{"id": "1", "name": name, "isCustomSection": False, "fields": shown}]}
    raise Refused("URL_NOT_FOUND")


def _layout_field(field_id: str, row: FieldRow) -> Record:
    field = _field(field_id, row)
    field |= {"isSystemMandatory": row.mandatory and not row.custom, "isRemovable": row.custom, "isReadOnly": False}
    return {**field, "allowedValues": list(row.values)} if row.values else field


def check_status(r: DeskRequest, known: tuple[str, ...]) -> None:
    if r.body.get("status") not in {None, *known}:
        raise invalid("/status")
