"""Calls: create, read, change, trash, and the lists that find one just written (ZOHO.md 4.5)."""

from __future__ import annotations

from typing import Any

from fakezoho.clock import timestamp
from fakezoho.desk import metadata, shapes
from fakezoho.desk.listing import Test, cut, ordered, page, refuse_minus
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
    return shapes.call_answer(r.found("calls", r.path["callId"]), r.knobs.html_descriptions)


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


def calls(r: DeskRequest) -> Any:
    refuse_minus(r)
    tests = _tests(r.query)
    records = r.listed("calls")
    if "filters" in r.query:
        if r.knobs.call_filters == "refuse":
            raise Refused("UNPROCESSABLE_ENTITY", "The value passed for field 'filters' is not valid.")
        records = r.searched("calls") if r.knobs.call_filters == "index" else records
        tests += conditions(r.query["filters"])
    found = (c for c in ordered(records, r.query.get("sortBy")) if all(test(c) for test in tests))
    return page([_item(r, c) for c in cut(found, r.query, r.knobs.list_base, 10)])


def calls_of_ticket(r: DeskRequest) -> Any:
    ticket_id = r.found("tickets", r.path["ticketId"])["id"]
    tests = _tests(r.query)
    tests.append(lambda c: bool(c["ticketId"] == ticket_id))
    sort_by = (r.query.get("sortBy") or "createdTime").replace("activityTime", "startTime")
    found = (c for c in ordered(r.listed("calls"), sort_by) if all(test(c) for test in tests))
    return page([_item(r, c) for c in cut(found, r.query, r.knobs.list_base, 10)])


def _tests(query: dict[str, Any]) -> list[Test]:
    tests: list[Test] = []
    departments = {query["departmentId"]} if "departmentId" in query else set(query.get("departmentIds", ()))
    if departments:
        tests.append(lambda c: c["departmentId"] in departments)
    if "assignee" in query:
        tests.append(lambda c: c["ownerId"] in query["assignee"])
    if "isCompleted" in query:
        tests.append(lambda c: bool((c["statusType"] == "Closed") == query["isCompleted"]))
    if "isSpam" in query:
        tests.append(lambda c: bool(c["isSpam"] == query["isSpam"]))
    return tests


def conditions(filters: dict[str, Any]) -> list[Test]:
    """The field conditions of `filters`; ``is`` is the only one that the spec names."""
    return [_condition(c) for c in filters.get("criteria", {}).get("fieldConditions", [])]


def _condition(condition: dict[str, Any]) -> Test:
    name, wanted = condition.get("field", ""), set(condition.get("data", []))
    return lambda c: (c["cf"].get(name) if name.startswith("cf_") else c.get(name)) in wanted


def _item(r: DeskRequest, record: Record) -> Record:
    item = shapes.call_list_item(record)
    for name in r.query.get("fields", ()):
        if name.startswith("cf_"):
            _show_custom(item, name, record["cf"].get(name), r.knobs.listed_cf)
        elif name in record and name != "description":
            item[name] = record[name]
    include = r.query.get("include", ())
    if "contacts" in include:
        item["contact"] = shapes.contact_reference(r.module("contacts").records.get(record["contactId"]))
    if "assignee" in include:
        item["assignee"] = shapes.person_reference(r.module("agents").records.get(record["ownerId"]))
    if "tickets" in include:
        ticket = r.module("tickets").records.get(record["ticketId"] or "")
        item["ticket"] = ticket and {name: ticket[name] for name in ("id", "ticketNumber", "subject")}
    return item


def _show_custom(item: Record, name: str, value: Any, where: str) -> None:
    if where in {"nested", "both"}:
        item.setdefault("cf", {})[name] = value
    if where in {"flat", "both"}:
        item[name] = value
