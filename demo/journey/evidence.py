"""What is in Zoho afterwards, read from Zoho and compared with what was posted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.journey.system import System
from demo.journey.traffic import Planned
from demo.journey.traveller import DATA_CENTRE, PORTAL
from integrations import phones

REFERENCE = re.compile(r"\[(demo-[^\]]+)\]")
NO_RECORDING = "--"
Row = dict[str, Any]


@dataclass
class Evidence:
    """References by what is wrong with them; `found` counts those that have a record."""

    expected: int = 0
    found: int = 0
    missing: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    wrong_contact: list[str] = field(default_factory=list)
    wrong_recording: list[str] = field(default_factory=list)
    wrong_values: list[str] = field(default_factory=list)
    twin_contacts: list[str] = field(default_factory=list)
    recordings: int = 0

    @property
    def differences(self) -> dict[str, list[str]]:
        named = {
            "missing in Zoho": self.missing,
            "more than once in Zoho": self.double,
            "on the wrong contact": self.wrong_contact,
            "with the wrong recording link": self.wrong_recording,
            "with a wrong direction or duration": self.wrong_values,
            "customers with more than one new contact": self.twin_contacts,
        }
        return {what: references for what, references in named.items() if references}

    def last_line(self) -> str:
        return f"expected {self.expected}, found {self.found}, missing {len(self.missing)}, double {len(self.double)}"


def gather(system: System, planned: Sequence[Planned]) -> Evidence:
    contacts = {row["id"]: row for row in _records(system, "contacts")}
    calls = defaultdict(list)
    for row in _records(system, "calls"):
        if match := REFERENCE.search(row["subject"]):
            calls[match[1]].append(row)
    evidence = Evidence(expected=len(planned))
    for item in planned:
        _judge(item, calls[item.reference], contacts, evidence)
    for item in {item.customer: item for item in planned if not item.is_known}.values():
        if sum(_is_customer(contact, item) for contact in contacts.values()) != 1:
            evidence.twin_contacts.append(item.customer)
    return evidence


def _judge(item: Planned, rows: list[Row], contacts: dict[str, Row], evidence: Evidence) -> None:
    if not rows:
        evidence.missing.append(item.reference)
        return
    evidence.found += 1
    if len(rows) > 1:
        evidence.double.append(item.reference)
    call = rows[0]
    if not _is_customer(contacts.get(call["contactId"], {}), item):
        evidence.wrong_contact.append(item.reference)
    link = call["cf"].get("cf_recording_url") or NO_RECORDING
    if link != (item.recording or NO_RECORDING):
        evidence.wrong_recording.append(item.reference)
    evidence.recordings += link.startswith("http")
    duration = int(item.body.get("processing_seconds") or 0)
    if (call["direction"], int(call["duration"])) != (item.body["direction"], duration):
        evidence.wrong_values.append(item.reference)


def _is_customer(contact: Row, item: Planned) -> bool:
    if item.is_known:
        return bool(contact.get("lastName") == item.customer and not _is_new(contact, item))
    if "@" in item.customer:
        return bool(contact.get("email") == item.customer)
    return any(phones.same(contact.get(name) or "", item.customer) for name in ("phone", "mobile"))


def _is_new(contact: Row, item: Planned) -> bool:
    """A known customer's call belongs on the contact that was there before."""
    return str(contact["createdTime"]) >= str(item.body["started_at"])


def _records(system: System, module: str) -> list[Row]:
    rows: list[Row] = system.zoho_json(f"/_standin/records/{DATA_CENTRE}/{PORTAL}/{module}")
    return rows
