from __future__ import annotations

import html
from typing import Any

from fakezoho.clock import timestamp
from fakezoho.module import Record
from fakezoho.portal import Portal

CONTACT_TEXTS = (
    "firstName", "lastName", "email", "secondaryEmail", "phone", "mobile", "type", "title", "description", "street",
    "city", "state", "country", "facebook", "twitter", "language",
)  # fmt: skip
NOT_IN_CALL_LISTS = frozenset({"description", "duration", "cf", "customFields", "reminder", "recordingUrl"})
IN_CALL_LISTS = {"category": "Calls", "activityType": "Calls", "teamId": None}
NOT_IN_TICKET_LISTS = frozenset(
    {"description", "resolution", "cf", "customFields", "modifiedTime", "isTrashed", "contact", "modifiedBy"}
)


def web_url(portal: Portal, kind: str, record_id: str) -> str:
    return f"{portal.url}/support/{kind}/details/{record_id}"


def as_id(value: Any) -> str | None:
    """Write an id as answers do; requests may write it as a number."""
    return None if value is None else str(value)


def new_contact(portal: Portal, values: dict[str, Any], at: float) -> Record:
    record_id = portal.new_id()
    record: Record = {"id": record_id, **{name: values.get(name) for name in CONTACT_TEXTS}}
    record |= {
        "zip": as_id(values.get("zip")),
        "accountId": as_id(values.get("accountId")),
        "ownerId": as_id(values.get("ownerId")),
        "layoutId": as_id(values.get("layoutId")) or f"{portal.prefix}900000002",
        "accountCount": "1" if values.get("accountId") else "0",
        "createdTime": timestamp(at),
        "modifiedTime": timestamp(at),
        "isFollowing": False,
        "isAnonymous": False,
        "isDeleted": False,
        "isEndUser": False,
        "isTrashed": False,
        "isSpam": False,
        "zohoCRMContact": None,
        "customerHappiness": {"badPercentage": "0", "okPercentage": "0", "goodPercentage": "0"},
        "photoURL": None,
        "webUrl": web_url(portal, "contacts", record_id),
        "cf": dict(values.get("cf") or {}),
        "customFields": {},
    }
    return record


def new_account(portal: Portal, name: str, at: float) -> Record:
    record_id = portal.new_id()
    return {
        "id": record_id,
        "accountName": name,
        "email": None,
        "phone": None,
        "website": None,
        "webUrl": web_url(portal, "accounts", record_id),
        "createdTime": timestamp(at),
        "modifiedTime": timestamp(at),
        "zohoCRMAccount": None,
        "customerHappiness": {"badPercentage": "0", "okPercentage": "0", "goodPercentage": "0"},
    }


def new_call(portal: Portal, values: dict[str, Any], agent_id: str | None, at: float) -> Record:
    record_id = portal.new_id()
    record: Record = {
        "id": record_id,
        "callId": None,
        "subject": values["subject"],
        "description": values.get("description"),
        "contactId": str(values["contactId"]),
        "departmentId": str(values["departmentId"]),
        "ownerId": as_id(values.get("ownerId")) or agent_id,
        "ticketId": as_id(values.get("ticketId")),
        "creatorId": agent_id,
        "layoutId": as_id(values.get("layoutId")) or f"{portal.prefix}900000001",
        "modifiedBy": None,
        "startTime": values["startTime"],
        "createdTime": timestamp(at),
        "modifiedTime": timestamp(at),
        "completedTime": None,
        "activityTime": None,
        "direction": values["direction"],
        "duration": str(values["duration"]),
        "status": values["status"],
        "statusType": None,
        "priority": values.get("priority"),
        "isSpam": False,
        "isTrashed": False,
        "isCommented": False,
        "webUrl": web_url(portal, "calls", record_id),
        "reminder": values.get("reminder") or [],
        "cf": dict(values.get("cf") or {}),
        "customFields": {},
    }
    if "recordingUrl" in values:
        record["recordingUrl"] = values["recordingUrl"]
    return settled(record, at)


def settled(call: Record, at: float) -> Record:
    closed = call["status"] in {"Completed", "Canceled", "Missed"}
    call["statusType"] = "Closed" if closed else "Open"
    call["completedTime"] = (call["completedTime"] or timestamp(at)) if closed else None
    return call


def call_answer(call: Record, as_html: bool) -> Record:
    if as_html and call["description"]:
        return {**call, "description": f"<div>{html.escape(call['description'])}</div>"}
    return call


def call_list_item(call: Record) -> Record:
    item = call.copy()
    for name in NOT_IN_CALL_LISTS:
        item.pop(name, None)
    item |= IN_CALL_LISTS
    return item


def contact_reference(contact: Record | None) -> Record | None:
    if contact is None:
        return None
    names = ("id", "firstName", "lastName", "email", "phone", "mobile", "accountId", "isSpam")
    return {name: contact[name] for name in names}


def ticket_reference(ticket: Record | None) -> Record | None:
    return ticket and {name: ticket[name] for name in ("id", "ticketNumber", "subject")}


def person_reference(agent: Record | None) -> Record | None:
    if agent is None:
        return None
    return {name: agent[name] for name in ("id", "firstName", "lastName", "emailId", "photoURL")}
