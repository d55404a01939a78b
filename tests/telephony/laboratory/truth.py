"""What really happened, taken at the telephones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.telephony.laboratory.dialog import Dialog

CUSTOMER, SECOND, CARRIER_DEST, MOBILE = "+33199008801", "+33199008802", "0199008803", "0199007702"
Truth = dict[str, Any]


def moment(seconds: float | None) -> str | None:
    return (
        datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if seconds
        else None
    )


def interaction(
    direction: str,
    customer: str,
    *,
    status: str,
    started: float,
    ended: float,
    answered: float | None = None,
    agent: str = "",
    queue: str = "",
    name: str = "",
    transferred_to: str = "",
    recording: str = "",
    agents: Sequence[str] = (),
    talked: Sequence[tuple[float, float]] = (),
    hold: float = 0,
    **more: object,
) -> Truth:
    """What the manager of the contact centre would say of one interaction. `answered`: by a person, not by the PBX.

    `talked`: when the customer spoke with somebody, where that is not all from the answer to the end.
    """
    talked = list(talked) or ([(answered, ended)] if answered else [])
    return {
        "flow": "voice",
        "direction": direction,
        "status": status,
        "customer_phone": customer,
        "customer_name": name,
        "agent": agent,
        "agents": list(agents) or ([agent] if agent else []),
        "queue": queue,
        "started_at": moment(started),
        "answered_at": moment(answered),
        "ended_at": moment(ended),
        "waiting_seconds": round((answered or ended) - started, 1),
        "talking_seconds": round(sum(b - a for a, b in talked) - hold, 1),
        "hold_seconds": round(hold, 1),
        "transferred_to": transferred_to,
        "recording": recording,
        **more,
    }


def answered(
    call: Dialog, agent: Dialog, *, customer: str = CUSTOMER, ended: float | None = None, **more: Any
) -> Truth:
    """A customer called, and this agent talked with them first."""
    return interaction(
        "inbound", customer, status="completed", started=call.began, answered=agent.answered,
        ended=ended or over(call), agent=agent.phone.name_, **more,
    )  # fmt: skip


def missed(call: Dialog, *, customer: str = CUSTOMER, **more: Any) -> Truth:
    """A customer called, and nobody talked with them."""
    return interaction("inbound", customer, status="missed", started=call.began, ended=over(call), **more)


def reached(
    agent: Dialog, called: Dialog, *, customer: str = CARRIER_DEST, ended: float | None = None, **more: Any
) -> Truth:
    """This agent called a customer, who took the call."""
    return interaction(
        "outbound", customer, status="completed", started=agent.began, answered=called.answered,
        ended=ended or over(agent), agent=agent.phone.name_, **more,
    )  # fmt: skip


def over(call: Dialog) -> float:
    assert call.ended
    return call.ended
