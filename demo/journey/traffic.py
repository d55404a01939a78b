"""The hundred interactions: who called whom, in which spelling, and whose card it must end on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.journey.traveller import AGENT

KNOWN = {
    "Poulain": ("+33142234140", "0033 1 42 23 41 40", "01 42 23 41 40"),
    "Müller": ("+4930901820", "0049 30 901820"),
    "Østergård": ("+45 33 12 14 16",),
    "de Vries": ("+31206241111", "0031-20-6241111"),
    "Etxeberria": ("+34944123456", "0034 944 123 456"),
    "Żółty": ("+48226951000",),
    "O'Brien": ("+353 1 679 2233", "tel:+353-1-679-2233"),
    "Bernard": ("0711223344",),
    "Magritte": ("+32 470 12 34 56",),
    "Guðmundsdóttir": ("+3545512345",),
    "Simon": ("+33556000000",),
    "Sharma": ("+919876543210",),
}
"""Customers of Acme by last name, with the numbers that a network shows of them. Zoho holds other spellings.

Left out are those whose number is another customer's too: such a call waits for an agent, and rightly so.
"""
WRITES_MAILS = ("Poulain", "Amelie.Poulain@moulins.example")
UNKNOWN_CALLERS = 8
TOPICS = ("Delivery date", "Invoice", "Broken part", "Opening hours", "Order", "Thank you", "")
EVERY_THIRD = 3


@dataclass
class Planned:
    body: dict[str, Any]
    customer: str
    """The last name of a known customer, else the number or e-mail of an unknown one."""
    is_known: bool
    late_recording: str = ""
    id: int = field(default=0)

    @property
    def reference(self) -> str:
        return str(self.body["reference"])

    @property
    def recording(self) -> str:
        return self.late_recording or str(self.body.get("recording_url", ""))


def plan(count: int, run: str) -> list[Planned]:
    chance = random.Random(run)  # noqa: S311 - variety, no secret
    kinds = _kinds(chance, run)
    planned = []
    for number in range(1, count + 1):
        body, customer, is_known = next(kinds)
        started = datetime.now(UTC) - timedelta(minutes=chance.randrange(1, 600))
        body |= {"reference": f"{run}-{number:03}", "started_at": started.isoformat(), "agent": AGENT}
        item = Planned(body, customer, is_known)
        if body["flow"] == "voice":
            _time(chance, body, started)
            if body["status"] == "completed" and number % EVERY_THIRD == 0:
                item.late_recording = f"https://recordings.acme.example/{run}/{number}.mp3"
            elif body["status"] == "completed" and number % EVERY_THIRD == 1:
                body["recording_url"] = f"https://recordings.acme.example/{run}/early-{number}.mp3"
        planned.append(item)
    return planned


def _kinds(chance: random.Random, run: str) -> Iterator[tuple[dict[str, Any], str, bool]]:
    """Mostly calls; of ten, one is an e-mail or a chat. Every kind is among the first six."""
    strangers = [
        f"+3397{(int(run.rpartition('-')[2]) * UNKNOWN_CALLERS + n) % 10**7:07}" for n in range(UNKNOWN_CALLERS)
    ]
    while True:
        yield _email(*WRITES_MAILS, True)
        yield _chat(chance.choice(strangers))
        yield _email(f"new.{run}@customers.example", f"new.{run}@customers.example", False)
        for _ in range(17):
            direction = chance.choice(("inbound", "outbound"))
            if chance.random() < 0.6:
                name = chance.choice(list(KNOWN))
                yield _call(chance, direction, chance.choice(KNOWN[name])), name, True
            else:
                number = chance.choice(strangers)
                yield _call(chance, direction, number) | {"customer_name": f"Stranger {number[-4:]}"}, number, False


def _call(chance: random.Random, direction: str, number: str) -> dict[str, Any]:
    status = "missed" if chance.random() < 0.15 else "completed"
    subject = chance.choice(TOPICS)
    return {"flow": "voice", "direction": direction, "status": status, "customer_phone": number, "subject": subject}


def _email(customer: str, address: str, is_known: bool) -> tuple[dict[str, Any], str, bool]:
    body = {"flow": "email", "direction": "inbound", "customer_email": address, "customer_name": "Nina New"}
    return {**body, "subject": "A question by e-mail", "processing_seconds": 240}, customer, is_known


def _chat(number: str) -> tuple[dict[str, Any], str, bool]:
    body = {"flow": "messaging", "channel": "whatsapp", "direction": "inbound", "customer_phone": number}
    named = {"customer_name": f"Stranger {number[-4:]}", "subject": "A chat", "processing_seconds": 90}
    return {**body, **named}, number, False


def _time(chance: random.Random, body: dict[str, Any], started: datetime) -> None:
    """A missed call rings and ends; another is answered, talked through and wrapped up."""
    answered = started + timedelta(seconds=chance.randrange(2, 30))
    if body["status"] == "missed":
        body |= {"ended_at": answered.isoformat(), "queue": "Front desk"}
        return
    seconds = chance.randrange(10, 900)
    body |= {
        "answered_at": answered.isoformat(),
        "ended_at": (answered + timedelta(seconds=seconds)).isoformat(),
        "processing_seconds": seconds,
        "post_interaction_seconds": chance.randrange(0, 60),
        "queue": chance.choice(("Front desk", "Second line")),
    }
