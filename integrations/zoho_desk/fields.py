from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from typing import Any

from integrations import base
from integrations.errors import IntegrationError, Misconfigured, Refused
from integrations.types import Connection, FieldInfo, PresetObject
from integrations.zoho_desk import preset, visibility
from integrations.zoho_desk.client import Desk, digits
from integrations.zoho_desk.errors import objects
from integrations.zoho_desk.schema import CALLS, Module, module_of
from integrations.zoho_desk.serialization import LONGEST_LINE, is_yes, line

FIELDS_LIVE_SECONDS = 600.0
"""Seconds for which the field names of a portal are remembered: they change when an administrator edits a layout."""
FIELDS_ASKED_AGAIN_SECONDS = 30.0
"""Seconds after which they are asked for again when Zoho did not give them."""


class Fields(base.Schema):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._names: dict[tuple[str, str, str], tuple[float, frozenset[str]]] = {}

    def hidden(self, connection: Connection, module: str) -> list[str]:
        return visibility.hidden(self._desk, connection, module_of(module))

    def preset(self, connection: Connection | None) -> tuple[PresetObject, ...]:
        try:
            known = self.fields(connection, CALLS.name) if connection else None
        except IntegrationError:
            known = None
        return preset.objects(known)

    def fields(self, connection: Connection, module: str) -> list[FieldInfo]:
        """From the default layout too: picklists were empty in /fields, and a layout can make a field mandatory
        (zoho-facts.md 4.5). Without the right to read it, the fields alone.
        """
        known = module_of(module)
        found = self._desk.page(connection, "/fields", {"module": known.name})
        listed = {str(entry.get("apiName")) for entry in found}
        found += [{"apiName": name, "type": "Text"} for name in known.unlisted if name not in listed]
        try:
            layout = self.layout(connection, known)
        except (Refused, Misconfigured):
            layout = {}
        return [_field(entry, layout.get(str(entry.get("apiName")), {}), known) for entry in found]

    def names(self, connection: Connection, module: Module) -> frozenset[str]:
        """The API names of a module's fields, remembered; empty when they cannot be read just now."""
        key = (connection.location, connection.organisation_id, module.name)
        with self._lock:
            until, names = self._names.get(key, (0.0, frozenset()))
        if time.monotonic() < until:
            return names
        life = FIELDS_LIVE_SECONDS
        try:
            page = self._desk.page(connection, "/fields", {"module": module.name})
            names = frozenset(str(entry.get("apiName")) for entry in page)
        except IntegrationError:
            # What is remembered serves on: not knowing a field must never stop a record from being written.
            life = FIELDS_ASKED_AGAIN_SECONDS
        with self._lock:
            self._names[key] = (time.monotonic() + life, names)
        return names

    def layout(self, connection: Connection, module: Module) -> dict[str, Mapping[str, Any]]:
        layouts = self._desk.page(connection, "/layouts", {"module": module.name})
        if not layouts:
            return {}
        chosen = next((entry for entry in layouts if is_yes(entry.get("isDefaultLayout"))), layouts[0])
        layout = self._desk.read(connection, f"/layouts/{digits(chosen.get('id'), of='layout')}")
        fields = [field for section in objects(layout.get("sections")) for field in objects(section.get("fields"))]
        return {str(field.get("apiName")): field for field in fields}


def _field(entry: Mapping[str, Any], in_layout: Mapping[str, Any], module: Module) -> FieldInfo:
    name = str(entry.get("apiName") or "")[:LONGEST_LINE]
    mandatory = (
        entry.get("isMandatory"), in_layout.get("isMandatory"), in_layout.get("isSystemMandatory"),
    )  # fmt: skip
    longest = str(entry.get("maxLength") or in_layout.get("maxLength") or "")
    return FieldInfo(
        api_name=name,
        label=line(entry.get("displayLabel") or entry.get("i18NLabel") or name),
        type=line(entry.get("type")),
        required=any(map(is_yes, mandatory)) or name in module.required,
        max_length=int(longest) if re.fullmatch(r"\d{1,7}", longest) else 0,
        choices=_choices(entry.get("pickListValues")) or _choices(in_layout.get("allowedValues")),
    )


def _choices(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    texts = [entry.get("value") if isinstance(entry, Mapping) else entry for entry in values]
    return tuple(str(text) for text in texts if text)
