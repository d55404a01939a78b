"""The searches of calls and tickets, which read the index and not the records."""

from __future__ import annotations

from typing import Any

from fakezoho.desk import matching, shapes
from fakezoho.desk.listing import search_page, searched
from fakezoho.desk.matching import Match
from fakezoho.desk.request import DeskRequest
from fakezoho.module import Record

RANGES = {
    "startDateRange": "startTime",
    "createdTimeRange": "createdTime",
    "modifiedTimeRange": "modifiedTime",
    "dueDateRange": "dueDate",
}
EXACT = {"id": "id", "assigneeId": "ownerId", "status": "status", "priority": "priority"}
EXACT_OF_TICKETS = EXACT | {
    "assigneeId": "assigneeId", "email": "email", "contactId": "contactId", "accountId": "accountId",
    "productId": "productId", "ticketNumber": "ticketNumber",
}  # fmt: skip


def search_calls(r: DeskRequest) -> Any:
    matches = _matches(r, EXACT, ("subject", "description"))
    if "ticketNumber" in r.query:
        number = matching.text_match("ticketNumber", r.query["ticketNumber"])
        tickets = r.module("tickets").records
        matches.append(Match(lambda call: number.test(tickets.get(call["ticketId"] or "", {}))))
    return search_page(r, searched(r, "calls", matches), _call_item)


def _call_item(r: DeskRequest, call: Record) -> Record:
    dropped = {"callId", "isSpam", "isTrashed", "activityTime", "recordingUrl"}
    shown = shapes.call_answer(call, r.knobs.html_descriptions)
    item = {name: value for name, value in shown.items() if name not in dropped}
    department = r.module("departments").records.get(call["departmentId"])
    item["activityType"] = "Calls"
    item["contact"] = shapes.contact_reference(r.module("contacts").records.get(call["contactId"]))
    item["assignee"] = shapes.person_reference(r.module("agents").records.get(call["ownerId"] or ""))
    item["department"] = department and {"id": department["id"], "name": department["name"]}
    item["ticket"] = shapes.ticket_reference(r.module("tickets").records.get(call["ticketId"] or ""))
    return item


def search_tickets(r: DeskRequest) -> Any:
    matches = _matches(r, EXACT_OF_TICKETS, ("subject", "description", "email", "ticketNumber"))
    if "phone" in r.query:
        matches.append(matching.phone_match("phone", r.query["phone"], r.knobs.phone_search))
    if "accountName" in r.query:
        matches.append(matching.account_match(r.module("accounts").records, [r.query["accountName"]]))
    return search_page(r, searched(r, "tickets", matches))


def _matches(r: DeskRequest, exact: dict[str, str], everywhere: tuple[str, ...]) -> list[Match]:
    query = r.query
    found = [matching.text_match(field, query[given]) for given, field in exact.items() if given in query]
    if "departmentId" in query:
        found.append(Match(lambda record: bool(record["departmentId"] == query["departmentId"])))
    if "subject" in query:
        found.append(matching.subject_match(query["subject"], r.knobs.subject_search))
    if "_all" in query:
        found.append(matching.words_match(everywhere, query["_all"]))
    return found + matching.custom_field_matches(query) + matching.range_matches(query, RANGES)
