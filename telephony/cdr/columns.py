"""Which column is which: as cdr_csv writes them without a header, or as a header names them."""

from __future__ import annotations

import re

from telephony.cdr.errors import BadLine

COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata",
    "start", "answer", "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
FEWEST = 14
ADDED = ("peeraccount", "linkedid", "sequence")
"""By `newcdrcolumns`, after one or both of the unique id and the user field."""
UNIQUE_ID = re.compile(r"(?:[A-Za-z0-9_.-]+-)?[0-9]{6,}\.[0-9]+")
"""The start in seconds and a counter, after the system's name where it has one."""
OTHER_NAMES = {"calldate": "start", "answerdate": "answer", "enddate": "end", "source": "src", "destination": "dst"}
"""What FreePBX's own table, and exports of it, call the same columns."""
EMPTY = {"NULL", "\\N", "(null)"}


def header_of(fields: list[str]) -> list[str] | None:
    """The columns that a first line names; None for a line of values."""
    names = [field.strip().lower() for field in fields]
    names = [OTHER_NAMES.get(name, name) for name in names]
    return names if {"src", "dst"} <= set(names) else None


def named(fields: list[str], header: list[str] | None) -> dict[str, str]:
    """The values by their columns. Raises BadLine."""
    fields = [field.strip() for field in fields]
    if not EMPTY.isdisjoint(fields):
        fields = ["" if field in EMPTY else field for field in fields]
    if header:
        if len(fields) != len(header):
            raise BadLine(f"it has {len(fields)} columns, the header has {len(header)}")
        return dict(zip(header, fields, strict=True))
    if not FEWEST <= len(fields) <= len(COLUMNS) + 2 + len(ADDED):
        raise BadLine(f"it has {len(fields)} columns; cdr_csv writes 16 to 18, and 3 more with newcdrcolumns")
    columns = dict(zip(COLUMNS, fields, strict=False))
    rest = fields[len(COLUMNS) :]
    if len(rest) >= len(ADDED):
        rest, added = rest[: -len(ADDED)], rest[-len(ADDED) :]
        columns.update(zip(ADDED, added, strict=True))
    if len(rest) == 1:  # one of loguniqueid and loguserfield is on: the form tells which
        columns["uniqueid" if UNIQUE_ID.fullmatch(rest[0]) else "userfield"] = rest[0]
    else:
        columns.update(zip(("uniqueid", "userfield"), rest, strict=False))
    return columns
