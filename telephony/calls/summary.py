from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.vocabulary import Kind, Status


@dataclass(frozen=True)
class Leg:
    """One telephone that rang, and talked where `answered` is known. Times are UTC."""

    who: str
    """An extension, or a number outside."""
    is_agent: bool
    rang: datetime
    ended: datetime
    answered: datetime | None
    spoken: timedelta
    is_consultation: bool = False
    """The agent called them, while the customer waited."""
    is_exact: bool = True
    """Whether `answered` is a person's answer; else the telephone system had answered before, and the row does not say
    how long this telephone rang."""


@dataclass(frozen=True)
class Summary:
    """Times are UTC; what the rows cannot tell is None."""

    reference: str
    is_inbound: bool
    status: Status
    """Canceled: a call to the outside that could not be placed."""
    kind: Kind | None
    customer_phone: str
    """As the network told it; empty where it is withheld."""
    customer_name: str
    agents: tuple[str, ...]
    """Extensions that talked, the first one first; of a call to the outside that nobody took, who called."""
    queues: tuple[str, ...]
    started: datetime
    answered: datetime | None
    ended: datetime
    waiting: timedelta | None
    """Until a person talked or the customer left."""
    talking: timedelta | None
    connected: timedelta
    """With a telephone, ringing included where the telephone system had answered before."""
    on_hold: timedelta
    transferred_to: str
    voicemail: str
    recording: str
    """A file's path or name."""
    legs: tuple[Leg, ...]
    rows: int

    @property
    def agent(self) -> str:
        return self.agents[0] if self.agents else ""

    @property
    def queue(self) -> str:
        return self.queues[-1] if self.queues else ""
