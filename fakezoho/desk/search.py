"""The searches of calls and tickets, which read the index and not the records."""

from __future__ import annotations

from typing import Any

from fakezoho.desk import matching, shapes
from fakezoho.desk.listing import Test, ordered, search_page
from fakezoho.desk.request import DeskRequest
from fakezoho.module import Record

RANGES = {
    "startDateRange": "startTime",
    "createdTimeRange": "createdTime",
    "modifiedTimeRange": "modifiedTime",
    "dueDateRange": "dueDate",
}
EXACT = {
    "id": "id", "assigneeId": "ownerId", "status": "status", "priority": "priority", "email": "email",
    "contactId": "contactId", "accountId": "accountId", "productId": "productId", "ticketNumber": "ticketNumber",
}  # fmt: skip


def search_calls(r: DeskRequest) -> Any:
    tests = _tests(r, EXACT | {"ticketNumber": "ticketNumber"}, ("subject", "description"))
    records = (_with_ticket(r, record) for record in _sorted(r, "calls"))
    found = [record for record in records if all(test(record) for test in tests)]
    return search_page(r, found, _call_item)


def _with_ticket(r: DeskRequest, call: Record) -> Record:
    if "ticketNumber" not in r.query or not call["ticketId"]:
        return call
    ticket = r.module("tickets").records.get(call["ticketId"], {})
    return {**call, "ticketNumber": ticket.get("ticketNumber")}


def _call_item(r: DeskRequest, call: Record) -> Record:
    dropped = {"callId", "isSpam", "isTrashed", "activityTime", "recordingUrl", "ticketNumber"}
    item = {name: value for name, value in call.items() if name not in dropped}
    department = r.module("departments").records.get(call["departmentId"])
    item["activityType"] = "Calls"
    item["contact"] = shapes.contact_reference(r.module("contacts").records.get(call["contactId"]))
    item["assignee"] = shapes.person_reference(r.module("agents").records.get(call["ownerId"] or ""))
    item["department"] = department and {"id": department["id"], "name": department["name"]}
    item["ticket"] = None
    return item


def search_tickets(r: DeskRequest) -> Any:
    tests = _tests(r, EXACT | {"assigneeId": "assigneeId"}, ("subject", "description", "email", "ticketNumber"))
    if "phone" in r.query:
        tests.append(matching.phone_test("phone", r.query["phone"], r.knobs.phone_search))
    if "accountName" in r.query:
        tests.append(_account_name(r, r.query["accountName"]))
    return search_page(r, [t for t in _sorted(r, "tickets") if all(test(t) for test in tests)])


def _account_name(r: DeskRequest, pattern: str) -> Test:
    test = matching.text_test("accountName", [pattern])
    accounts = r.module("accounts").records
    return lambda ticket: test(accounts.get(ticket["accountId"] or "", {}))


def _sorted(r: DeskRequest, module: str) -> Any:
    sort_by = r.query.get("sortBy")
    by = None if sort_by in {None, "relevance", "-relevance"} else sort_by
    return ordered(r.searched(module), by)


def _tests(r: DeskRequest, exact: dict[str, str], everywhere: tuple[str, ...]) -> list[Test]:
    query = r.query
    tests = [matching.text_test(field, query[given]) for given, field in exact.items() if given in query]
    if "departmentId" in query:
        tests.append(lambda record: record["departmentId"] == query["departmentId"])
    if "subject" in query:
        tests.append(_subject(query["subject"]))
    if "_all" in query:
        tests.append(matching.words_test(everywhere, query["_all"]))
    return tests + matching.custom_field_tests(query) + matching.range_tests(query, RANGES)


def _subject(text: str) -> Test:
    """Subjects are searched by their words, as they stand or with ``*``."""
    if text.startswith("*") or text.endswith("*"):
        return matching.text_test("subject", [text], leading=True)
    return matching.words_test(("subject",), text)
