"""One line of a CDR file, as cdr_csv writes it (16 to 18 columns, 21 with `newcdrcolumns`) or as a header names it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import sha256

COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata",
    "start", "answer", "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
UNIQUE_ID = re.compile(r"(?:[A-Za-z0-9_.-]+-)?[0-9]{6,}\.[0-9]+")
"""The start in seconds and a counter, after the system's name where it has one."""
CONTROL = re.compile(r"[\x00-\x1f]")
"""Some telephones send them in names, and PostgreSQL refuses some of them."""
OTHER_NAMES = {"calldate": "start", "answerdate": "answer", "enddate": "end"}
"""What FreePBX's own table calls the same columns."""
MOST_DIGITS = 9
"""Of a number of seconds: thirty years have as many."""


class BadLine(ValueError):
    """A line that cannot be read; the text says why."""


@dataclass(frozen=True)
class Row:
    """A leg of a call. Times are UTC."""

    columns: dict[str, str]
    start: datetime
    answer: datetime | None
    end: datetime | None
    billsec: int

    def __getitem__(self, name: str) -> str:
        return self.columns.get(name, "")

    @property
    def call(self) -> str:
        """What the rows of one call share: the linked id, else the unique id, else what tells it from others."""
        known = self["linkedid"] or self["uniqueid"]
        if known:
            return known
        told = "|".join(self[name] for name in ("start", "src", "dst", "channel"))
        return "cdr-" + sha256(told.encode()).hexdigest()[:24]

    @property
    def answered(self) -> bool:
        return self["disposition"].upper() == "ANSWERED"


def read(lines: Iterable[str], zone: tzinfo) -> Iterator[tuple[int, Row | BadLine]]:
    """Each line with its number, beginning with 1. One line is one record: a stray quote spoils only its own."""
    names: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            fields = next(csv.reader([CONTROL.sub(" ", line.rstrip("\r\n"))], strict=True))
            header = _header(fields) if number == 1 else None
            if header:
                names = header
                continue
            yield number, _row(_named(fields, names), zone)
        except csv.Error as error:
            yield number, BadLine(f"it is not CSV ({error})")
        except BadLine as problem:
            yield number, problem


def _header(fields: list[str]) -> list[str] | None:
    names = [field.strip().lstrip("\ufeff").lower() for field in fields]
    return [OTHER_NAMES.get(name, name) for name in names] if {"src", "dst"} <= set(names) else None


def _named(fields: list[str], names: list[str] | None) -> dict[str, str]:
    fields = [field.strip().lstrip("\ufeff") for field in fields]
    if names:
        if len(fields) != len(names):
            raise BadLine(f"it has {len(fields)} columns, the header has {len(names)}")
        return dict(zip(names, fields, strict=True))
    if len(fields) not in (16, 17, 18, 21):
        raise BadLine(f"it has {len(fields)} columns; cdr_csv writes 16, 17, 18 or 21")
    columns = dict(zip(COLUMNS, fields, strict=False))
    rest = fields[len(COLUMNS) :]
    if len(rest) == 1:  # one of loguniqueid and loguserfield is on: the form tells which
        columns["uniqueid" if UNIQUE_ID.fullmatch(rest[0]) else "userfield"] = rest[0]
    columns.update(
        zip(("uniqueid", "userfield", "peeraccount", "linkedid", "sequence"), rest, strict=False)
        if len(rest) > 1
        else ()
    )
    return columns


def _row(columns: dict[str, str], zone: tzinfo) -> Row:
    start = _time("start", columns.get("start", ""), zone)
    if start is None:
        raise BadLine("it has no start")
    end = _time("end", columns.get("end", ""), zone)
    answer = _time("answer", columns.get("answer", ""), zone)
    billsec = _number("billsec", columns.get("billsec", ""))
    if end is None and columns.get("duration"):
        end = datetime.fromtimestamp(start.timestamp() + _number("duration", columns["duration"]), UTC)
    return Row(columns, start, answer, end, billsec)


def _time(name: str, text: str, zone: tzinfo) -> datetime | None:
    if not text or text.startswith("0000"):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(f"{name} is not a time like 2026-11-23 09:30:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _number(name: str, text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        raise BadLine(f"{name} is not a whole number of seconds")
    return int(text)
