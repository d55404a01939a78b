"""What is read of a recording, beside its truth."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telephony.calls.beside import Beside
from telephony.calls.joining import joined
from telephony.calls.layout import Layout
from telephony.calls.reading import summary
from telephony.calls.rows import Rows
from telephony.cdr.lines import Lines
from telephony.cdr.reading import records

CLOSE = timedelta(seconds=2)
WORDS = (
    "direction", "status", "customer_phone", "customer_name", "agent", "agents", "queue", "transferred_to", "voicemail",
)  # fmt: skip
UNTOLD = {"answered_at", "waiting_seconds", "talking_seconds"}
ANSWERED_BEFORE = {"ivr-direct", "ivr-queue", "own-inside-then-outside"}
"""The telephone system answered first, or a colleague who sent the call on, and the row begins with that: when a person
did is in no column."""
ANSWERED_BEFORE_IN_FREEPBX = {"queue-paused-member", "third-direct-queue-attended"}
ON_HOLD = {"fourth-hold-then-blind", "hold", "more-out-hold", "more-two-customers-one-agent"}
"""A CDR does not know of holds: the conversation is as long as the connection."""
RANG_AFTER_TRANSFERS = {"fourth-mobile-at-once", "third-two-queues-blind"}
"""The row of a transfer begins with the transfer, and counts its ringing as talking: here 2.5 and 2 × 1 seconds."""
REPLACED = {"name-latin1"}
"""Asterisk itself wrote replacement characters."""


def complain(lines, reason):
    raise AssertionError(f"line {lines}: {reason}")


def read_rows(recording):
    return rows_of(recording.content, recording.zone)


def rows_of(content, zone):
    return list(records(Lines(content.splitlines(keepends=True)), ZoneInfo(zone), complain))


def read(content, zone, order=None):
    rows = rows_of(content, zone)
    if order:
        order.shuffle(rows)
    calls = [Rows(call.records, Layout()) for call in joined(rows)]
    beside = Beside()
    for one in calls:
        if not one.has_customer:
            beside.add(one)
    return sorted(
        (summary("it", one, beside) for one in calls if one.has_customer), key=lambda one: (one.started, one.ended)
    )


def told(call):
    return {
        "direction": "inbound" if call.is_inbound else "outbound",
        "status": call.status,
        "customer_phone": call.customer_phone,
        "customer_name": call.customer_name,
        "agent": call.agent,
        "agents": list(call.agents),
        "queue": call.queue,
        "transferred_to": call.transferred_to,
        "voicemail": call.voicemail,
    }


def moments(call):
    return {"started_at": call.started, "answered_at": call.answered, "ended_at": call.ended}


def untold(recording):
    """What this file cannot tell."""
    if recording.situation in ANSWERED_BEFORE:
        return UNTOLD
    if recording.situation in ANSWERED_BEFORE_IN_FREEPBX and recording.installation.endswith("freepbx"):
        return UNTOLD
    if recording.situation in REPLACED and b"\xef\xbf\xbd" in recording.content:
        return {"customer_name"}
    return set()


def errors(recording):
    """What is wrong in what is read of one recording."""
    calls, truths = (
        read(recording.content, recording.zone),
        sorted(recording.truth, key=lambda one: (one["started_at"], one["ended_at"])),
    )
    if len(calls) != len(truths):
        yield f"{len(calls)} calls, not {len(truths)}"
        return
    empty = untold(recording)
    for call, truth in zip(calls, truths, strict=True):
        for name, value in told(call).items():
            right = "" if name in empty else truth.get(name, "")
            if value != right:
                yield f"{name} is {value!r}, not {right!r}"
        for name, moment in moments(call).items():
            right = None if name in empty or not truth[name] else datetime.fromisoformat(truth[name])
            if (moment is None) != (right is None) or (moment and right and abs(moment - right) > CLOSE):
                yield f"{name} is {moment}, not {right}"
        on_hold = truth["hold_seconds"] if recording.situation in ON_HOLD else 0
        rights = {"waiting_seconds": truth["waiting_seconds"], "talking_seconds": truth["talking_seconds"] + on_hold}
        lengths = {"waiting_seconds": call.waiting, "talking_seconds": call.talking}
        for name, right in rights.items():
            length = lengths[name]
            close = 3 if name == "talking_seconds" and recording.situation in RANG_AFTER_TRANSFERS else 2
            if (length is None) != (name in empty) or (length and abs(length.total_seconds() - right) > close):
                yield f"{name} is {length}, not {right}"
        names_files = recording.form == "custom.csv" or recording.installation.endswith("plain")
        if names_files and bool(call.recording) != bool(truth["recording"]):
            yield f"recording is {call.recording!r}"
