from __future__ import annotations

import re
from collections.abc import Mapping

from integrations.zoho_desk.client import ID
from integrations.zoho_desk.schema import Module, call_statuses
from integrations.zoho_desk.serialization import CUSTOM, DIRECTIONS, moment_of, to_zoho

EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
TIME = re.compile(r"(19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")


def validation_errors(module: Module, values: Mapping[str, object]) -> dict[str, str]:
    """By API name, each value that Zoho would refuse in a new record, with its cure."""
    body = to_zoho(module, values)
    found = {}
    for name in module.required:
        if name not in body and not _stands_in(module, name, body):
            found[name] = "Zoho Desk requires it: give it a value."
    for name, value in body.items():
        if name != "cf" and (validation_error := _validation_error(module, name, value)):
            found[name] = validation_error
    return found


def _stands_in(module: Module, name: str, body: Mapping[str, object]) -> bool:
    """Whether something else serves instead: `create` names a nameless contact after its e-mail or number."""
    return module.name == "contacts" and name == "lastName" and bool(body.get("email") or body.get("phone"))


def _validation_error(module: Module, name: str, value: object) -> str:
    text = str(value)
    if name not in module.known:
        return f"Zoho Desk has no such field; the name of a custom field begins with {CUSTOM}."
    if name in module.ids:
        return "" if ID.fullmatch(text) else "An id of Zoho Desk is digits only."
    if name in module.times:
        return "" if TIME.fullmatch(text) and moment_of(text) else "Use the filter date.utc: 2026-11-23T09:30:00.000Z."
    if name in module.emails and (validation_error := _of_email(text)):
        return validation_error
    if module.name == "calls" and (validation_error := _of_call(name, text)):
        return validation_error
    longest = module.lengths.get(name, 0)
    if longest and len(text) > longest and not (module.marked and name == "subject"):  # a subject is cut to fit
        return f"At most {longest} characters; this has {len(text)}."
    return ""


def _of_email(text: str) -> str:
    """Since 2021-06-30 Zoho Desk refuses addresses that other mail servers take (docs/zoho-facts.md 9)."""
    if not EMAIL.fullmatch(text):
        return "An e-mail address looks like name@example.com."
    name, _, domain = text.rpartition("@")
    if ".." in name or name.endswith("."):
        return "Zoho Desk takes no e-mail address with two dots in a row or a dot before the @."
    return "Zoho Desk takes no e-mail address whose domain has an underscore." if "_" in domain else ""


def _of_call(name: str, text: str) -> str:
    if name == "direction" and text not in DIRECTIONS.values():
        return "Use Inbound or Outbound."
    if name == "status" and text not in call_statuses():
        return f"Use one of {', '.join(call_statuses())}."
    if name == "duration" and not text.isdecimal():
        return "A number of seconds."
    return ""
