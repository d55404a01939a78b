"""Calls: create, read, change and trash (ZOHO.md 4.5)."""

from __future__ import annotations

from typing import Any

from fakezoho.clock import timestamp
from fakezoho.desk import metadata, shapes
from fakezoho.desk.call_lists import included
from fakezoho.desk.problems import Refused, invalid
from fakezoho.desk.request import DeskRequest
from fakezoho.module import Record

TEXTS = ("subject", "description", "startTime", "direction", "status", "priority", "recordingUrl", "reminder")
IDS = ("contactId", "departmentId", "ownerId", "ticketId", "layoutId")


def create_call(r: DeskRequest) -> Any:
    _check(r)
    metadata.check_custom_fields(r, "calls", r.body.get("cf") or {}, creating=True)
    agent = r.agent
    record = shapes.new_call(r.portal, r.body, agent["id"] if agent else None, r.now)
    return shapes.call_answer(r.store("calls", record), r.knobs.html_descriptions)


def call(r: DeskRequest) -> Any:
    record = r.found("calls", r.path["callId"])
    return shapes.call_answer(record, r.knobs.html_descriptions) | included(r, record)


def update_call(r: DeskRequest) -> Any:
    old = r.found("calls", r.path["callId"])
    _check(r)
    metadata.check_custom_fields(r, "calls", r.body.get("cf") or {}, creating=False)
    changes: Record = {name: r.body[name] for name in TEXTS if name in r.body}
    changes |= {name: shapes.as_id(r.body[name]) for name in IDS if name in r.body}
    if "duration" in r.body:
        changes["duration"] = str(r.body["duration"])
    cf = {**old["cf"], **(r.body.get("cf") or {})}
    agent = shapes.person_reference(r.agent)
    new = {**old, **changes, "cf": cf, "modifiedBy": agent, "modifiedTime": timestamp(r.now)}
    return shapes.call_answer(r.store("calls", shapes.settled(new, r.now)), r.knobs.html_descriptions)


def _check(r: DeskRequest) -> None:
    """References must lead somewhere. What Zoho says of a merged contact is a knob (4.2, section 5)."""
    if "contactId" in r.body and str(r.body["contactId"]) not in r.module("contacts").records:
        raise Refused("URL_NOT_FOUND") if r.knobs.merged_contact == "404" else invalid("/contactId")
    for module, field in (
        ("departments", "departmentId"),
        ("tickets", "ticketId"),
        ("agents", "ownerId"),
    ):
        r.referred(module, field)
    if "recordingUrl" in r.body and not r.knobs.recording_url:
        raise invalid("/recordingUrl")
    if "subject" in r.body and not r.body["subject"].strip():
        raise invalid("/subject", "missing")


def trash_calls(r: DeskRequest) -> Any:
    for call_id in r.body["entityIds"]:
        r.found("calls", call_id)
    for call_id in r.body["entityIds"]:
        r.discard("calls", str(call_id))


def update_many(r: DeskRequest) -> Any:
    name, value = r.body["fieldName"], r.body.get("fieldValue")
    own = r.body.get("isCustomField", False)
    if not own and name not in {"status", "priority", "ownerId"}:
        raise invalid("/fieldName")
    if own:
        metadata.check_custom_fields(r, "calls", {name: value}, creating=False)
    records = [r.found("calls", call_id) for call_id in r.body["ids"]]
    for old in records:
        new = {**old, "modifiedTime": timestamp(r.now)}
        new |= {"cf": {**old["cf"], name: value}} if own else {name: value}
        r.store("calls", shapes.settled(new, r.now))
    return {"results": [{"id": old["id"], "success": True, "errors": None} for old in records]}
