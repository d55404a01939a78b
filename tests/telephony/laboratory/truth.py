"""What really happened, taken at the telephones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime


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
) -> dict[str, object]:
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
