from __future__ import annotations

from dataclasses import dataclass, field

from fakezoho.index import KEYS, SEARCHED
from fakezoho.module import Module

MODULES = ("departments", "agents", "accounts", "contacts", "tickets", "calls", "webhooks")


def new_module(name: str) -> Module:
    return Module(SEARCHED.get(name, ()), KEYS.get(name, ()))


@dataclass
class Portal:
    id: str
    name: str
    company: str
    dc: str
    edition: str
    url: str
    sandbox: bool = False
    has_call_fields: bool = False
    prefix: str = ""
    counter: int = 0
    ticket_number: int = 100
    merged: dict[str, str] = field(default_factory=dict)
    credits_used: int = 0
    credits_day: str = ""
    modules: dict[str, Module] = field(default_factory=lambda: {name: new_module(name) for name in MODULES})
    in_flight: int = 0
    most_at_once: int = 0

    def new_id(self) -> str:
        """Make an id as Zoho writes them: 18 decimal digits, rising."""
        self.counter += 1
        return f"{self.prefix}{self.counter:09d}"

    def agent_of(self, zuid: str) -> dict[str, object] | None:
        return self.modules["agents"].first(lambda agent: agent["zuid"] == zuid)
