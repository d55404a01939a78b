"""From rows to calls to interactions: a queue or a transfer writes several rows of one call."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from crm.vocabulary import Direction, Flow, Status
from interactions.api.schemas import InteractionIn
from telephony.cdr.direction import Directions
from telephony.cdr.rows import BadLine, Row

WINDOW = 2_000
"""Calls that may still get another row; rows of one call lie close together in the file."""
STATUSES = {
    "ANSWERED": Status.COMPLETED,
    "NO ANSWER": Status.MISSED,
    "BUSY": Status.MISSED,
    "FAILED": Status.CANCELED,
    "CONGESTION": Status.CANCELED,
}
EXTENSION = re.compile(r"[A-Za-z0-9]+/([0-9]{2,6})(?:[-@]|$)")
KEPT = ("accountcode", "dcontext", "channel", "dstchannel", "lastapp", "userfield", "recordingfile")


@dataclass
class Call:
    """The rows of one call, each with its line number."""

    reference: str
    rows: list[tuple[int, Row]] = field(default_factory=list)

    @property
    def lines(self) -> str:
        return ", ".join(str(number) for number, _ in self.rows)


def gather(rows: Iterator[tuple[int, Row]]) -> Iterator[Call]:
    """Calls in the order of their first row; never more than WINDOW of them in memory."""
    open_calls: OrderedDict[str, Call] = OrderedDict()
    for number, row in rows:
        open_calls.setdefault(row.call, Call(row.call)).rows.append((number, row))
        if len(open_calls) > WINDOW:
            yield open_calls.popitem(last=False)[1]
    yield from open_calls.values()


def interaction_of(call: Call, directions: Directions) -> InteractionIn | None:
    """What the call was; None for one between two extensions. Raises BadLine."""
    rows = [row for _, row in call.rows]
    first, main = rows[0], max(rows, key=lambda row: (row.answered, row.billsec))
    direction = directions.of(first)
    if direction is None:
        return None
    answers = [row.answer for row in rows if row.answered and row.answer]
    ends = [row.end for row in rows if row.end]
    started, answered, ended = min(row.start for row in rows), min(answers, default=None), max(ends, default=None)
    spoken = sum(row.billsec for row in rows if row.answered)
    if answered and ended:
        spoken = max(0, min(spoken, int((ended - answered).total_seconds())))  # legs may overlap
    inbound = direction == Direction.INBOUND
    try:
        return InteractionIn(
            reference=call.reference,
            flow=Flow.VOICE,
            direction=direction,
            status=_status(main),
            customer_phone=(first["src"] if inbound else main["dst"])[:50],
            customer_name=_name(first["clid"]) if inbound else "",
            queue=_queue(rows),
            started_at=started,
            answered_at=answered,
            ended_at=ended,
            waiting_seconds=int((answered - started).total_seconds()) if answered else None,
            processing_seconds=spoken,
            recording_url=main["userfield"] if main["userfield"].startswith(("http://", "https://")) else "",
            extra=_extra(main, inbound=inbound),
        )
    except ValidationError as error:
        raise BadLine("; ".join(f"{_place(item)}: {item['msg']}" for item in error.errors())) from None


def _place(item: ErrorDetails) -> str:
    """Which field is wrong: the one named, or one of several that contradict each other."""
    return str(item["loc"][0] if item["loc"] else item.get("ctx", {}).get("field", "it"))


def _status(row: Row) -> Status:
    try:
        return STATUSES[row["disposition"].upper()]
    except KeyError:
        raise BadLine(f"its disposition {row['disposition']!r} is not one of {', '.join(STATUSES)}") from None


def _name(clid: str) -> str:
    """The name of a caller id like `"Marie Curie" <+33612345678>`, if it says more than the number."""
    name = clid.rpartition("<")[0].strip().strip('"') if clid.endswith(">") else ""
    return name[:200] if re.search(r"[^\W\d_]", name) else ""


def _queue(rows: list[Row]) -> str:
    return next((row["lastdata"].split(",")[0][:100] for row in rows if row["lastapp"].lower() == "queue"), "")


def _extra(row: Row, *, inbound: bool) -> dict[str, str]:
    extension = EXTENSION.match(row["dstchannel"] if inbound else row["channel"])
    kept = {name: row[name] for name in KEPT if row[name]}
    return kept | ({"extension": extension[1]} if extension else {})
