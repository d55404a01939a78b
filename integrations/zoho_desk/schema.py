"""What Zoho Desk says of the modules that we write: required fields, lengths, kinds (zoho-facts 4.5 to 4.7, digest)."""

from __future__ import annotations

from dataclasses import dataclass, field

from integrations.errors import Misconfigured
from integrations.zoho_desk import reasons
from integrations.zoho_desk.assumptions import assumed

STATUSES = ("Completed", "Scheduled", "Missed", "Canceled", "In Progress")
"""Of a call, by the spec. A portal may have others: `call_statuses` has those that the operator named too."""


@dataclass(frozen=True)
class Module:
    """One module. `lengths` lists the text fields that a request may carry with their limits (0: not stated)."""

    name: str
    title: tuple[str, ...]
    """The fields whose values, joined, name a record to people."""
    required: tuple[str, ...]
    lengths: dict[str, int]
    ids: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Fields with a rule or a form of their own."""
    unlisted: tuple[str, ...] = ()
    """Fields that a request takes although Zoho's own list of fields may not show them."""
    marked: bool = False
    """Whether the marker goes at the end of the subject."""
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = {*self.lengths, *self.ids, *self.times, *self.others}
        object.__setattr__(self, "known", frozenset(names))


CALLS = Module(
    name="calls",
    title=("subject",),
    # The HTML reference asks for direction and duration too; the spec does not: always sent (docs/zoho-facts.md 4.5).
    required=("contactId", "departmentId", "direction", "duration", "startTime", "status", "subject"),
    lengths={"subject": 300, "description": 65535, "priority": 120, "status": 120, "recordingUrl": 2500},
    ids=("contactId", "departmentId", "ownerId", "teamId", "ticketId", "layoutId"),
    times=("startTime",),
    others=("direction", "duration", "reminder"),
    # Both are missing from the layouts though required [R] (zoho-facts.md 4.5).
    unlisted=("startTime", "duration"),
    marked=True,
)

CONTACTS = Module(
    name="contacts",
    title=("firstName", "lastName"),
    required=("lastName",),
    lengths={
        "lastName": 200,
        "firstName": 40,
        "email": 255,
        "secondaryEmail": 100,
        "phone": 50,
        "mobile": 50,
        "type": 0,
        "title": 100,
        "description": 65535,
        "street": 250,
        "city": 100,
        "state": 100,
        "country": 100,
        "zip": 0,
        "facebook": 100,
        "twitter": 100,
        "language": 255,
    },
    ids=("accountId", "ownerId", "layoutId"),
    phones=("phone", "mobile"),
    emails=("email", "secondaryEmail"),
)

TICKETS = Module(
    name="tickets",
    title=("subject",),
    required=("subject", "departmentId", "contactId"),
    lengths={
        "subject": 1000,
        "description": 65535,
        "email": 150,
        "phone": 120,
        "status": 0,
        "priority": 0,
        "channel": 0,
        "category": 0,
        "subCategory": 0,
        "classification": 0,
        "language": 0,
        "resolution": 65535,
        "webUrl": 5000,
    },
    ids=("departmentId", "contactId", "assigneeId", "teamId", "productId", "accountId", "layoutId"),
    times=("dueDate",),
    phones=("phone",),
    emails=("email",),
    marked=True,
)

MODULES = {module.name: module for module in (CALLS, CONTACTS, TICKETS)}


def module_of(name: str) -> Module:
    """The module of that API name, whatever its case. Raises Misconfigured for one that we do not write."""
    try:
        return MODULES[name.strip().lower()]
    except KeyError:
        known = ", ".join(sorted(MODULES))
        raise Misconfigured(reasons.UNKNOWN_MODULE(known=known)) from None


def call_statuses() -> tuple[str, ...]:
    return STATUSES + assumed.further_call_statuses
