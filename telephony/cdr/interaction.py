from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import ValidationError

from crm.vocabulary import Direction, Flow
from interactions.api.schemas import InteractionIn
from telephony.calls.records import Record
from telephony.calls.summary import Leg, Summary
from telephony.cdr.errors import BadLine
from telephony.recordings import Link

MOST_LEGS = 40
"""In `extra`: more are counted only."""
KEPT = ("accountcode", "dcontext", "channel", "dstchannel", "lastapp", "userfield", "recordingfile")


def interaction_of(call: Summary, first: Record, agents: Mapping[str, str], link: Link) -> InteractionIn:
    """`agents`: usernames by extension. Raises BadLine."""
    try:
        return InteractionIn(
            reference=call.reference,
            flow=Flow.VOICE,
            direction=Direction.INBOUND if call.is_inbound else Direction.OUTBOUND,
            status=call.status,
            kind=call.kind,
            customer_phone=call.customer_phone[:50],
            customer_name=call.customer_name[:200],
            agent=agents.get(call.agent, ""),
            queue=call.queue[:100],
            started_at=call.started,
            answered_at=call.answered,
            ended_at=call.ended,
            waiting_seconds=whole_seconds(call.waiting),
            processing_seconds=whole_seconds(call.talking),
            recording_url=link(call.recording or first.columns.get("userfield", ""), call.ended),
            extra=extra_of(call, first),
        )
    except ValidationError as error:
        wrong = []
        for item in error.errors():
            # The field that is named, or one of several that contradict each other.
            field = item["loc"][0] if item["loc"] else item.get("ctx", {}).get("field", "it")
            wrong.append(f"{field}: {item['msg']}")
        raise BadLine("; ".join(wrong)) from None


def whole_seconds(length: timedelta | None) -> int | None:
    return None if length is None else max(0, round(length.total_seconds()))


def extra_of(call: Summary, first: Record) -> dict[str, object]:
    kept: dict[str, object] = {name: first.columns[name] for name in KEPT if first.columns.get(name)}
    told: dict[str, object] = {
        "extension": call.agent,
        "agents": list(call.agents) if len(call.agents) > 1 else [],
        "transferred_to": call.transferred_to,
        "queues": list(call.queues) if len(call.queues) > 1 else [],
        "voicemail": call.voicemail,
        "hold_seconds": whole_seconds(call.on_hold),
        "legs": [_leg(leg) for leg in call.legs[:MOST_LEGS]],
    }
    if call.talking is None:
        told["connected_seconds"] = whole_seconds(call.connected)  # what is known beside: the answer was a machine's
    return kept | {name: value for name, value in told.items() if value} | {"rows": call.rows}


def _leg(leg: Leg) -> dict[str, object]:
    told = {
        "who": leg.who,
        "rang_at": leg.rang.isoformat(),
        "answered_at": leg.answered.isoformat() if leg.answered and leg.is_exact else None,
        "ended_at": leg.ended.isoformat(),
        "talked": leg.answered is not None,
        "consulted": leg.is_consultation or None,
    }
    return {name: value for name, value in told.items() if value is not None}
