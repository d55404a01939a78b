"""What a check with --write does: a few records that say whose they are, what Zoho made of them, and their end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from integrations.errors import IntegrationError
from integrations.zoho_desk.client import Desk
from integrations.zoho_desk.probes import demanded
from integrations.zoho_desk.probes.looks import Looks
from integrations.zoho_desk.probes.own_records import NAME, OwnRecords
from integrations.zoho_desk.probes.sightings import Sighting, sightings
from integrations.zoho_desk.probes.wire import Heard, Wire
from integrations.zoho_desk.schema import CALLS
from integrations.zoho_desk.serialization import timestamp

DESCRIPTION = "Made by zoho_check: 1 < 2 & 3 > 2.\nA second line."
RECORDING = "https://recordings.example.com/zoho-check.mp3"
ANNOUNCEMENT = (
    f"--write makes up to 3 contacts and 3 calls, all named “{NAME} …”, and moves them to trash within minutes. "
    "Workflow rules and notifications of the portal may act on them; a sandbox portal is the better place."
)


@dataclass
class Observed:
    """What Zoho answered to each step; None for a step that was not reached."""

    trash_of_one: Heard | None = None
    call_on_trashed: Heard | None = None
    contact: Heard | None = None
    same_email: Heard | None = None
    call: Heard | None = None
    call_refusing_recording: Heard | None = None
    call_lacking: Heard | None = None
    empty: Heard | None = None
    long_subject: Heard | None = None
    description: str | None = None
    seen: dict[str, Sighting] = field(default_factory=dict)
    trash_of_all: Heard | None = None


class Trial:
    """`patience`: seconds that a record may take to be seen."""

    def __init__(self, wire: Wire, desk: Desk, layout: Callable[[], demanded.Layout], patience: float) -> None:
        self._wire = wire
        self._desk = desk
        self._layout = layout
        self.own = OwnRecords(wire, secrets.token_hex(4))
        self.patience = patience
        self.observed = Observed()
        self.trouble = ""
        self._demanded: dict[str, object] = {}

    def run(self) -> None:
        """Do all steps; whatever happens on the way, what was made is moved to trash. `trouble` says what did."""
        try:
            self._steps()
        except IntegrationError as error:
            self.trouble = error.message
        finally:
            self.observed.trash_of_all = self.own.trash_all()

    def _steps(self) -> None:
        told = self.observed
        departments = self._wire.get("/departments", {"isEnabled": "true", "limit": "1"}).entries
        department = str(departments[0].get("id")) if departments else ""
        # The first record is trashed before others are made: without that right, no more than one stays behind.
        gone = self._contact()
        told.trash_of_one = self.own.trash("contacts")
        if told.trash_of_one is None or not told.trash_of_one.ok:
            told.contact = gone
            return
        told.call_on_trashed = self._call(gone, department)
        told.contact = self._contact(email=f"zoho-check-{self.own.mark}@example.com")
        if not told.contact.ok:
            return
        told.same_email = self._contact(email=f"zoho-check-{self.own.mark}@example.com")
        told.call = self._call_as_demanded(told.contact, department)
        told.empty = self.own.create("contacts", {})
        looks = Looks(self._wire, self._desk, self.own.mark)
        told.seen = sightings(looks.at(told.contact, told.call, department), self.patience)
        if told.call.ok:
            read = self._wire.get(f"/calls/{told.call.body.get('id')}").body.get("description")
            told.description = read if isinstance(read, str) else ""
        # The last, since it is refused if all is as assumed.
        longer = self._subject.ljust(CALLS.lengths["subject"] + 1, "x")
        told.long_subject = self._call(told.contact, department, subject=longer, **self._demanded)

    def _contact(self, **values: str) -> Heard:
        return self.own.create("contacts", {"lastName": self.own.name, **values})

    def _call(self, contact: Heard, department: str, **values: object) -> Heard:
        body = {
            "contactId": str(contact.body.get("id")), "departmentId": department, "subject": self._subject,
            "startTime": timestamp(datetime.now(UTC)), "direction": "inbound", "duration": "0", "status": "Completed",
        }  # fmt: skip
        return self.own.create("calls", {**body, **values})

    def _call_as_demanded(self, contact: Heard, department: str) -> Heard:
        """A call with a recording's address and without what only this portal demands, then as Zoho wants it."""
        told = self.observed
        values: dict[str, object] = {"description": DESCRIPTION, "recordingUrl": RECORDING}
        for _ in ("as the client writes it", "without recordingUrl", "with what is demanded"):
            heard = self._call(contact, department, **values, **self._demanded)
            if "recordingUrl" in heard.fields and "recordingUrl" in values:
                del values["recordingUrl"]
                told.call_refusing_recording = heard
            elif not self._demanded and (lacking := demanded.filled(self._layout(), heard.fields)):
                told.call_lacking = heard
                self._demanded = {"cf": lacking}
            else:
                break
        return heard

    @property
    def _subject(self) -> str:
        return f"{NAME} [{self.own.mark}]"
