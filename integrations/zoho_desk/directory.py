"""The portal itself: organisations, agents, departments, fields."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from typing import Any

from integrations.errors import IntegrationError, Misconfigured, NotSent, RecordGone, Refused
from integrations.types import Agent, Choice, Connection, FieldInfo, Organisation
from integrations.zoho_desk import errors
from integrations.zoho_desk.client import Desk, digits, id_of
from integrations.zoho_desk.errors import objects
from integrations.zoho_desk.schema import Module

FIELDS_LIVE = 600.0
"""Seconds for which the field names of a portal are remembered: they change when an administrator edits a layout."""
FIELDS_ASKED_AGAIN = 30.0
"""Seconds after which they are asked for again when Zoho did not give them."""
DEPARTMENTS_PER_PAGE, MOST_DEPARTMENTS = 200, 500
LONGEST_LINE = 200
"""Characters of a name."""


class Directory:
    """What Zoho Desk tells of a portal, with the field names remembered for a while."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._names: dict[tuple[str, str, str], tuple[float, frozenset[str]]] = {}

    def organisations(self, connection: Connection) -> list[Organisation]:
        """The portals that the token reaches. Asked without orgId, which is not known yet (docs/zoho-facts.md 4.1)."""
        page = self._desk.page(connection, "/organizations", in_organisation=False)
        return [_organisation(entry) for entry in page if id_of(entry.get("id"))]

    def agent(self, connection: Connection, subject: str) -> Agent | None:
        """The agent with this ZUID; 204 when there is none (docs/zoho-facts.md 2.7)."""
        try:
            found = self._desk.read(connection, f"/agents/zuid/{digits(subject, of='user')}")
        except RecordGone:
            return None
        if not found:
            return None
        if not found.get("id"):  # neither an agent nor the 204 that says that there is none
            raise NotSent(errors.NOT_READ.message)
        return Agent(
            id=str(found["id"]),
            subject=str(found.get("zuid") or ""),
            email=str(found.get("emailId") or ""),
            active=found.get("status") == "ACTIVE" and not is_no(found.get("isConfirmed")),
        )

    def departments(self, connection: Connection) -> list[Choice]:
        """The enabled departments, by name. Raises Misconfigured when there are more than anybody chooses among."""
        found: dict[str, Choice] = {}
        while True:
            params = {"isEnabled": "true", "limit": str(DEPARTMENTS_PER_PAGE)}
            if found:  # whether lists count from 0 or 1 is not known (4.7): this overlaps by one at worst
                params["from"] = str(len(found))
            page = self._desk.page(connection, "/departments", params)
            known = len(found)
            for entry in page:
                if identity := id_of(entry.get("id")):
                    found[identity] = Choice(identity, _line(entry.get("name")) or identity)
            if len(found) > MOST_DEPARTMENTS:
                raise Misconfigured(f"The portal has more than {MOST_DEPARTMENTS} departments, too many to list.")
            if len(page) < DEPARTMENTS_PER_PAGE or len(found) == known:
                return sorted(found.values(), key=lambda choice: choice.label.lower())

    def fields(self, connection: Connection, module: Module) -> list[FieldInfo]:
        """The fields of a module; what is mandatory and which values a list has, from the default layout too.

        Two clients found picklists empty in /fields and full only in the layout, and a layout can make a field
        mandatory (zoho-facts.md 4.5). Without the right to read the layout, the fields alone are given.
        """
        found = self._desk.page(connection, "/fields", {"module": module.name})
        listed = {str(entry.get("apiName")) for entry in found}
        found += [{"apiName": name, "type": "Text"} for name in module.unlisted if name not in listed]
        try:
            layout = self.layout(connection, module)
        except (Refused, Misconfigured):
            layout = {}
        return [_field(entry, layout.get(str(entry.get("apiName")), {}), module) for entry in found]

    def names(self, connection: Connection, module: Module) -> frozenset[str]:
        """The API names of a module's fields, remembered; empty when they cannot be read just now."""
        key = (connection.location, connection.organisation_id, module.name)
        with self._lock:
            until, names = self._names.get(key, (0.0, frozenset()))
        if time.monotonic() < until:
            return names
        life = FIELDS_LIVE
        try:
            page = self._desk.page(connection, "/fields", {"module": module.name})
            names = frozenset(str(entry.get("apiName")) for entry in page)
        except IntegrationError:
            # What is remembered serves on: not knowing a field must never stop a record from being written.
            life = FIELDS_ASKED_AGAIN
        with self._lock:
            self._names[key] = (time.monotonic() + life, names)
        return names

    def layout(self, connection: Connection, module: Module) -> dict[str, Mapping[str, Any]]:
        """The fields of the module's default layout by API name."""
        layouts = self._desk.page(connection, "/layouts", {"module": module.name})
        if not layouts:
            return {}
        chosen = next((entry for entry in layouts if is_yes(entry.get("isDefaultLayout"))), layouts[0])
        layout = self._desk.read(connection, f"/layouts/{digits(chosen.get('id'), of='layout')}")
        fields = [field for section in objects(layout.get("sections")) for field in objects(section.get("fields"))]
        return {str(field.get("apiName")): field for field in fields}


def is_yes(value: object) -> bool:
    """Zoho sends some booleans as text (docs/zoho-facts.md 4.7)."""
    return value is True or str(value).lower() == "true"


def is_no(value: object) -> bool:
    """False said by Zoho, not merely absent: a profile may hide the field."""
    return value is False or str(value).lower() == "false"


def _organisation(entry: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=id_of(entry["id"]),
        name=_line(entry.get("companyName")) or _line(entry.get("portalName")),
        portal=_line(entry.get("portalName")),
        is_sandbox=is_yes(entry.get("isSandboxPortal")),
        edition=_line(entry.get("edition")),
        url=_line(entry.get("portalURL")),
    )


def _line(value: object) -> str:
    """A text of Zoho's without the characters that no database keeps, or that would turn a line around."""
    return "".join(filter(str.isprintable, str(value or "")[:LONGEST_LINE])).strip()


def _field(entry: Mapping[str, Any], in_layout: Mapping[str, Any], module: Module) -> FieldInfo:
    name = str(entry.get("apiName") or "")[:LONGEST_LINE]
    mandatory = (
        entry.get("isMandatory"), in_layout.get("isMandatory"), in_layout.get("isSystemMandatory"),
    )  # fmt: skip
    longest = str(entry.get("maxLength") or in_layout.get("maxLength") or "")
    return FieldInfo(
        api_name=name,
        label=_line(entry.get("displayLabel") or entry.get("i18NLabel") or name),
        type=_line(entry.get("type")),
        required=any(map(is_yes, mandatory)) or name in module.required,
        max_length=int(longest) if re.fullmatch(r"\d{1,7}", longest) else 0,
        choices=_choices(entry.get("pickListValues")) or _choices(in_layout.get("allowedValues")),
    )


def _choices(values: object) -> tuple[str, ...]:
    """Picklist values, as objects (/fields) or as plain texts (layouts)."""
    if not isinstance(values, list):
        return ()
    texts = [entry.get("value") if isinstance(entry, Mapping) else entry for entry in values]
    return tuple(str(text) for text in texts if text)
