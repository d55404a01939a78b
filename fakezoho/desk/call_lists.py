"""Lists of calls, which find one just written without the search index (docs/zoho-facts.md 4.5)."""

from __future__ import annotations

from typing import Any

from fakezoho.desk import shapes
from fakezoho.desk.listing import cut, ordered, page, refuse_minus
from fakezoho.desk.problems import Refused
from fakezoho.desk.request import DeskRequest
from fakezoho.module import Record, Test


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
    """Read the field conditions of `filters`; the spec names only ``is``."""
    if set(filters) - {"criteria"}:
        raise Refused("UNPROCESSABLE_ENTITY", "The stand-in serves no filters but criteria.")
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
    item |= included(r, record)
    return item


def included(r: DeskRequest, record: Record) -> Record:
    """Return what ``include`` asks for beside a call; a team or a live call is never there."""
    asked, found = r.query.get("include"), Record()
    if not asked:
        return found
    if "contacts" in asked:
        found["contact"] = shapes.contact_reference(r.module("contacts").records.get(record["contactId"]))
    if "assignee" in asked:
        found["assignee"] = shapes.person_reference(r.module("agents").records.get(record["ownerId"]))
    if "creator" in asked:
        found["creator"] = shapes.person_reference(r.module("agents").records.get(record["creatorId"]))
    if "tickets" in asked:
        found["ticket"] = shapes.ticket_reference(r.module("tickets").records.get(record["ticketId"] or ""))
    return found


def _show_custom(item: Record, name: str, value: Any, where: str) -> None:
    if where in {"nested", "both"}:
        item.setdefault("cf", {})[name] = value
    if where in {"flat", "both"}:
        item[name] = value
