"""The smallest vendor: a key instead of consents, people and notes, no directory, and nothing to look up by.

What walks with it through the Maker and the engine needs nothing but a folder of its own and a line in the registry.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from integrations.base import Integration, RecordReader, RecordWriter
from integrations.errors import Misconfigured, OutcomeUnknown, RecordGone
from integrations.types import Connection, Environment, Record, Search

KEY = "toy-k3y"


class Shelf(RecordReader, RecordWriter):
    """Records in memory, for whoever comes with the key."""

    settle_seconds = 0.0

    def __init__(self) -> None:
        self.key = KEY
        self.records: dict[str, dict[str, Mapping[str, object]]] = {"people": {}, "notes": {}}
        self.loses_answers = 0
        self._ids = itertools.count(1)

    def find(self, connection: Connection, module: str, search: Search) -> list[Record]:
        people = self._module(connection, module)
        return [_record(module, one, people[one]) for one in people if people[one].get("phone") == search.phone]

    def read(self, connection: Connection, module: str, record_id: str) -> Record:
        try:
            return _record(module, record_id, self._module(connection, module)[record_id])
        except KeyError:
            raise RecordGone("There is no such record.") from None

    def create(self, connection: Connection, module: str, values: Mapping[str, object], *, marker: str = "") -> Record:
        record_id = str(next(self._ids))
        self._module(connection, module)[record_id] = dict(values)
        if module == "notes" and self.loses_answers:
            self.loses_answers -= 1
            raise OutcomeUnknown("The line was cut.")
        return _record(module, record_id, values)

    def update(self, connection: Connection, module: str, record_id: str, values: Mapping[str, object]) -> Record:
        known = self.read(connection, module, record_id)
        self.records[module][record_id] = {**known.values, **values}
        return self.read(connection, module, record_id)

    def validation_errors(self, module: str, values: Mapping[str, object]) -> dict[str, str]:
        return {} if module == "people" or values.get("person") else {"person": "A note is about somebody."}

    def _module(self, connection: Connection, module: str) -> dict[str, Mapping[str, object]]:
        while (key := connection.token()) != self.key:
            connection.renew(key)
        return self.records[module]


class Toy(Integration):
    key, label = "toy", "Toy"
    environment_label, environment_help, secret_help = "Toy shelf", "Any word.", "It is written below the shelf."

    def __init__(self) -> None:
        self.reader = self.writer = self.shelf = Shelf()

    def read_environment(self, url: str) -> Environment:
        if " " in url:
            raise Misconfigured("A shelf is one word.")
        return Environment("here", url)


def _record(module: str, record_id: str, values: Mapping[str, object]) -> Record:
    return Record(module, record_id, values, title=str(values.get("name", "")))
