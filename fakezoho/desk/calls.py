"""Calls: create, read, change and trash (docs/zoho-facts.md 4.5)."""

from __future__ import annotations

from typing import Any

from fakezoho.clock import timestamp
from fakezoho.desk import metadata, shapes
from fakezoho.desk.call_lists import included
from fakezoho.desk.problems import invalid
from fakezoho.desk.request import DeskRequest
from fakezoho.desk.validation import check_body
from fakezoho.knobs import listed
from fakezoho.module import Record
from fakezoho.spec import operations

TEXTS = ("subject", "description", "startTime", "direction", "status", "priority", "recordingUrl", "reminder")
IDS = ("contactId", "departmentId", "ownerId", "ticketId", "layoutId")


def create_call(r: DeskRequest) -> Any:
    _check(r, creating=True)
    agent = r.agent
    record = shapes.new_call(r.portal, r.body, agent["id"] if agent else None, r.now)
    return shapes.call_answer(r.store("calls", record), r.knobs.html_descriptions)


def call(r: DeskRequest) -> Any:
    record = r.found("calls", r.path["callId"])
    return shapes.call_answer(record, r.knobs.html_descriptions) | included(r, record)


def update_call(r: DeskRequest) -> Any:
    old = r.found("calls", r.path["callId"])
    _check(r)
    changes: Record = {name: r.body[name] for name in TEXTS if name in r.body}
    changes |= {name: shapes.as_id(r.body[name]) for name in IDS if name in r.body}
    if "duration" in r.body:
        changes["duration"] = str(r.body["duration"])
    cf = {**old["cf"], **(r.body.get("cf") or {})}
    agent = shapes.person_reference(r.agent)
    new = {**old, **changes, "cf": cf, "modifiedBy": agent, "modifiedTime": timestamp(r.now)}
    return shapes.call_answer(r.store("calls", shapes.settled(new, r.now)), r.knobs.html_descriptions)


def _check(r: DeskRequest, creating: bool = False) -> None:
    r.referred_contact()
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
    if isinstance(r.body.get("duration"), float):
        raise invalid("/duration")
    r.check_moment("startTime")
    _check_reminders(r)
    metadata.check(r, "calls", creating)


def _check_reminders(r: DeskRequest) -> None:
    """Require the moment that the reminder's type needs (4.5), which the digest leaves open."""
    for number, reminder in enumerate(r.body.get("reminder", ())):
        needed = "reminderTime" if reminder["reminderType"] == "ABSOLUTE" else "relativeReminderInMin"
        if needed not in reminder:
            raise invalid(f"/reminder/{number}/{needed}", "missing")


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
    else:
        _check_one(r, name, value)
    records = [r.found("calls", call_id) for call_id in r.body["ids"]]
    for old in records:
        new = {**old, "modifiedTime": timestamp(r.now)}
        new |= {"cf": {**old["cf"], name: value}} if own else {name: value}
        r.store("calls", shapes.settled(new, r.now))
    return {"results": [{"id": old["id"], "success": True, "errors": None} for old in records]}


def _check_one(r: DeskRequest, name: str, value: Any) -> None:
    """Refuse in an update of many what a single update would refuse."""
    schema = operations()["updateCall"].body
    assert schema is not None  # noqa: S101 -- for the type checker
    check_body(schema, {name: value}, listed(r.knobs.call_statuses))
    if name == "ownerId" and str(value) not in r.module("agents").records:
        raise invalid("/ownerId")
