from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, Self

from starlette.requests import Request

from fakezoho.clock import Clock
from fakezoho.faults import Faults
from fakezoho.identities import AccessToken, Client, Code, Grant, Person
from fakezoho.journal import Journal
from fakezoho.knobs import Knobs, change
from fakezoho.portal import Portal

DATA_CENTRES = ("eu", "us", "in")


@dataclass
class DataCentre:
    """One of Zoho's data centres: its own issuer, people, portals and tokens (keyed by their hashes)."""

    code: str
    base_url: str
    people: dict[str, Person] = field(default_factory=dict)
    portals: dict[str, Portal] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict, repr=False)
    grants: dict[str, Grant] = field(default_factory=dict, repr=False)
    tokens: dict[str, AccessToken] = field(default_factory=dict, repr=False)

    @property
    def accounts_url(self) -> str:
        return f"{self.base_url}/{self.code}/accounts"

    @property
    def desk_url(self) -> str:
        return f"{self.base_url}/{self.code}/desk"

    @property
    def api_domain(self) -> str:
        """The host that a token answer names; it does not serve Desk (docs/zoho-facts.md 1.1)."""
        return f"{self.base_url}/{self.code}/zohoapis"

    def portals_of(self, zuid: str) -> list[Portal]:
        found = []
        for portal in self.portals.values():
            agent = portal.agent_of(zuid)
            if agent is not None and agent["status"] == "ACTIVE":
                found.append(portal)
        return found


class World:
    def __init__(self, base_url: str, knobs: Knobs | None = None, faults: Faults | None = None) -> None:
        self.base_url = base_url
        self.start_knobs = knobs or Knobs()
        self.knobs = replace(self.start_knobs)
        self.clock = Clock()
        self.journal = Journal()
        self.faults = faults or Faults()
        self.clients: dict[str, Client] = {}
        self.centres = {code: DataCentre(code, base_url) for code in DATA_CENTRES}
        self.unsaved = Event()

    def for_request(self) -> Self:
        """Return the world for one request: a reset makes another, and what came before stays in this one."""
        return copy(self)

    def turn(self, values: dict[str, Any]) -> None:
        """Change knobs from here on; of a world for one request, for this one alone."""
        self.knobs = replace(self.knobs)
        change(self.knobs, values)

    def changed(self) -> None:
        self.unsaved.set()

    def locations(self) -> dict[str, dict[str, str]]:
        return {
            code: {
                "accounts": dc.accounts_url,
                "desk": dc.desk_url,
                "api_domain": dc.api_domain,
                "console": f"{dc.accounts_url}/developerconsole",
            }
            for code, dc in self.centres.items()
        }

    def portal(self, dc: str, name: str) -> Portal | None:
        """Find a portal by its name or id."""
        centre = self.centres.get(dc)
        if centre is None:
            return None
        return centre.portals.get(name) or next((p for p in centre.portals.values() if p.name == name), None)

    def person(self, email: str, dc: str = "") -> Person | None:
        for centre in self.centres.values():
            if dc in {"", centre.code}:
                for person in centre.people.values():
                    if person.email.lower() == email.lower():
                        return person
        return None


def world_of(request: Request) -> World:
    world: World = request.scope["fakezoho.world"]
    return world
