"""A vendor in memory that fails as it is told: for the engine's decisions. The stand-in over HTTP judges the whole."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from integrations.base import Integration, Limits, LookUp, RecordReader, RecordWriter
from integrations.errors import IntegrationError, OutcomeUnknown, RecordGone
from integrations.types import Budget, Record

LOST = OutcomeUnknown("The answer was lost.")
"""The create is applied, its answer is not seen."""
DROPPED = OutcomeUnknown("The request was dropped.")
"""The create is not applied, and nobody can tell."""


class MemoryVendor(Integration, RecordReader, RecordWriter, LookUp, Limits):
    """Contacts and Calls. `faults` holds what the next requests of a kind meet; `blind_looks` see nothing."""

    key = label = "memory"
    environment_label = environment_help = secret_help = ""
    settle_seconds = 30.0

    def __init__(self) -> None:
        self.reader, self.writer, self.look_up, self.limits = self, self, self, self
        self.reset()

    def reset(self) -> None:
        self.records: dict[str, dict[str, dict[str, Any]]] = {"contacts": {}, "calls": {}}
        self.faults: dict[str, deque[IntegrationError | None]] = {}
        self.blind_looks = 0
        self.journal: list[tuple[str, str]] = []
        self.before: Callable[[str], None] = lambda kind: None
        self.after: Callable[[str], None] = lambda kind: None
        self.lag = 0.0
        self.born: dict[str, float] = {}
        self._ids = itertools.count(1)

    def fail(self, kind: str, *errors: IntegrationError | None) -> None:
        self.faults.setdefault(kind, deque()).extend(errors)

    def calls(self) -> list[dict[str, Any]]:
        return list(self.records["calls"].values())

    def pass_time(self, seconds: float) -> None:
        self.born = {key: born - seconds for key, born in self.born.items()}

    def merge(self, gone: str, remains: str) -> None:
        """The contact goes on under another id, and his calls with him."""
        contacts = self.records["contacts"]
        contacts[remains] = contacts.pop(gone)
        self.born[remains] = self.born.pop(gone, 0.0)
        for call in self.calls():
            call["contactId"] = remains if call["contactId"] == gone else call["contactId"]

    def _meet(self, kind: str, detail: str) -> IntegrationError | None:
        self.before(kind)
        self.journal.append((kind, detail))
        faults = self.faults.get(kind)
        return faults.popleft() if faults else None

    def find(self, connection, module, search):
        if error := self._meet("find", module):
            raise error
        return [
            self._record(module, key)
            for key, values in self.records[module.lower()].items()
            if search.phone and values.get("phone") == search.phone
        ]

    def read(self, connection, module, record_id):
        if error := self._meet("read", record_id):
            raise error
        return self._record(module, record_id)

    def create(self, connection, module, values, *, marker=""):
        error = self._meet("create", module)
        if error is not None and error is not LOST:
            raise error
        self._refer(module, values.get("contactId"))
        key = str(next(self._ids))
        self.records[module.lower()][key] = {**values, "marker": marker, "portal": connection.organisation_id}
        self.born[key] = time.monotonic()
        self.after("create")
        if error is LOST:
            raise error
        return self._record(module, key)

    def update(self, connection, module, record_id, values):
        if error := self._meet("update", record_id):
            raise error
        self._record(module, record_id)
        if "contactId" in values:
            self._refer(module, values["contactId"])
        self.records[module.lower()][record_id].update(values)
        self.after("update")
        return self._record(module, record_id)

    def look_for(self, connection, sought):
        if error := self._meet("look", sought.marker):
            raise error
        if self.blind_looks:
            self.blind_looks -= 1
            return None
        for key, values in self.records[sought.module.lower()].items():
            if values["marker"] == sought.marker and time.monotonic() - self.born[key] >= self.lag:
                return self._record(sought.module, key)
        return None

    def validation_errors(self, module, values):
        return {}

    def _refer(self, module, contact):
        """A call hangs on a contact that is there."""
        if module.lower() == "calls" and contact not in self.records["contacts"]:
            raise RecordGone("No such contact.")

    def _record(self, module, key):
        values = self.records[module.lower()].get(key)
        if values is None:
            raise RecordGone("No such record.")
        return Record(module, key, dict(values), url=f"https://memory.example/{module}/{key}", title="Somebody")

    def budget(self, location, edition):
        return Budget(concurrency=1)  # one after the other, in the test's own thread

    def read_environment(self, *args, **kwargs):
        raise NotImplementedError


vendor = MemoryVendor()


def build() -> MemoryVendor:
    """What the registry makes of us: always the same one, so that tests can see into it."""
    return vendor
