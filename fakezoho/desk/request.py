"""One admitted Desk request: who asks, in which portal, with which checked values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakezoho.clock import seconds_of, timestamp
from fakezoho.desk.problems import Refused, invalid
from fakezoho.identities import AccessToken
from fakezoho.knobs import Knobs
from fakezoho.module import Module, Record
from fakezoho.portal import Portal
from fakezoho.spec import Operation
from fakezoho.world import DataCentre, World

# Some operations answer 200 with no body at all; None is 204.
EMPTY_200 = ""


@dataclass(slots=True)
class DeskRequest:
    world: World
    dc: DataCentre
    token: AccessToken
    operation: Operation
    given_portal: Portal | None
    path: dict[str, str]
    query: dict[str, Any]
    body: Any

    @property
    def portal(self) -> Portal:
        if self.given_portal is None:
            raise Refused("URL_NOT_FOUND")
        return self.given_portal

    @property
    def knobs(self) -> Knobs:
        return self.world.knobs

    @property
    def now(self) -> float:
        return self.world.clock.now()

    @property
    def agent(self) -> Record | None:
        return self.portal.agent_of(self.token.zuid)

    def module(self, name: str) -> Module:
        return self.portal.modules[name]

    def listed(self, name: str) -> dict[str, Record]:
        return self.module(name).listable.read(self.now)

    def searched(self, name: str) -> dict[str, Record]:
        return self.module(name).searchable.read(self.now)

    def found(self, name: str, record_id: Any) -> Record:
        """Return a record; raises Refused (404) for an unknown, trashed or merged-away id."""
        record = self.module(name).records.get(str(record_id))
        if record is None:
            raise Refused("URL_NOT_FOUND")
        return record

    def referred(self, name: str, field: str) -> None:
        """Require that a reference in the body exists; raises Refused (422) naming the field."""
        value = self.body.get(field)
        if value is not None and str(value) not in self.module(name).records:
            raise invalid(f"/{field}")

    def referred_contact(self) -> None:
        """Require the body's contact; what Zoho says of a merged one is a knob (4.2, section 5)."""
        if "contactId" in self.body and str(self.body["contactId"]) not in self.module("contacts").records:
            raise Refused("URL_NOT_FOUND") if self.knobs.merged_contact == "404" else invalid("/contactId")

    def check_moment(self, field: str) -> None:
        """Require a date of the calendar, which no pattern checks; raises Refused (422)."""
        try:
            seconds_of(self.body.get(field) or timestamp(0))
        except ValueError:
            raise invalid(f"/{field}") from None

    def store(self, name: str, record: Record) -> Record:
        self.module(name).put(record, self.now, self.knobs.search_lag, self.knobs.list_lag)
        self.world.changed()
        return record

    def discard(self, name: str, record_id: str) -> None:
        self.module(name).remove(record_id, self.now, self.knobs.search_lag, self.knobs.list_lag)
        self.world.changed()


Handler = Callable[[DeskRequest], Any]
