"""The fields of the demo's modules: API name, label, type, greatest length, mandatory, picklist values."""

from __future__ import annotations

from typing import NamedTuple

CALL_STATUSES = ("Completed", "Scheduled", "Missed", "Canceled", "In Progress")


class FieldRow(NamedTuple):
    name: str
    label: str
    kind: str
    longest: int = 255
    mandatory: bool = False
    values: tuple[str, ...] = ()
    custom: bool = False
    in_layout: bool = True


MARKER = FieldRow("cf_deskline_marker", "Deskline marker", "Text", 100, custom=True)
RECORDING = FieldRow("cf_recording_url", "RecordingUrl", "URL", 450, custom=True)

# startTime and duration are asked for by a create, yet missing from the layouts (docs/zoho-facts.md 4.5).
CALLS = (
    FieldRow("contactId", "Contact Name", "LookUp", 100, mandatory=True),
    FieldRow("departmentId", "Department", "LookUp", 100, mandatory=True),
    FieldRow("subject", "Subject", "Text", 300, mandatory=True),
    FieldRow("startTime", "Start Time", "DateTime", 30, mandatory=True, in_layout=False),
    FieldRow("direction", "Direction", "Picklist", 120, mandatory=True, values=("inbound", "outbound")),
    FieldRow("duration", "Duration", "Number", 9, mandatory=True, in_layout=False),
    FieldRow("status", "Status", "Picklist", 120, mandatory=True, values=CALL_STATUSES),
    FieldRow("ownerId", "Call Owner", "LookUp", 100),
    FieldRow("ticketId", "Ticket", "LookUp", 100),
    FieldRow("priority", "Priority", "Picklist", 120, values=("Low", "Normal", "High")),
    FieldRow("description", "Description", "Textarea", 65535),
)
CONTACTS = (
    FieldRow("firstName", "First Name", "Text", 40),
    FieldRow("lastName", "Last Name", "Text", 200, mandatory=True),
    FieldRow("email", "Email", "Email", 255),
    FieldRow("secondaryEmail", "Secondary Email", "Email", 100),
    FieldRow("phone", "Phone", "Phone", 50),
    FieldRow("mobile", "Mobile", "Phone", 50),
    FieldRow("accountId", "Account Name", "LookUp", 100),
    FieldRow("ownerId", "Contact Owner", "LookUp", 100),
    FieldRow("type", "Type", "Picklist", 120, values=("paidUser", "freeUser")),
    FieldRow("title", "Title", "Text", 100),
    FieldRow("street", "Street", "Text", 250),
    FieldRow("city", "City", "Text", 30),
    FieldRow("state", "State", "Text", 30),
    FieldRow("country", "Country", "Text", 30),
    FieldRow("zip", "Zip", "Text", 30),
    FieldRow("description", "Description", "Textarea", 65535),
)
TICKETS = (
    FieldRow("contactId", "Contact Name", "LookUp", 100, mandatory=True),
    FieldRow("departmentId", "Department", "LookUp", 100, mandatory=True),
    FieldRow("subject", "Subject", "Text", 1000, mandatory=True),
    FieldRow("status", "Status", "Picklist", 120, mandatory=True,
             values=("Open", "On Hold", "Escalated", "Closed")),
    FieldRow("priority", "Priority", "Picklist", 120, values=("High", "Medium", "Low")),
    FieldRow("channel", "Channel", "Picklist", 120, values=("Phone", "Email", "Web", "Chat")),
    FieldRow("assigneeId", "Ticket Owner", "LookUp", 100),
    FieldRow("email", "Email", "Email", 150),
    FieldRow("phone", "Phone", "Phone", 120),
    FieldRow("dueDate", "Due Date", "DateTime", 30),
    FieldRow("description", "Description", "Textarea", 65535),
)  # fmt: skip
ACCOUNTS = (
    FieldRow("accountName", "Account Name", "Text", 200, mandatory=True),
    FieldRow("email", "Email", "Email", 255),
    FieldRow("phone", "Phone", "Phone", 30),
    FieldRow("website", "Website", "URL", 120),
)
TABLES = {"calls": CALLS, "contacts": CONTACTS, "tickets": TICKETS, "accounts": ACCOUNTS}
