"""A file of call records as records of calls, whatever its form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo

from telephony.calls.records import Record
from telephony.cdr import freeswitch
from telephony.cdr.columns import FEWEST, header_of, named
from telephony.cdr.errors import BadLine, NotACDR
from telephony.cdr.lines import Lines
from telephony.cdr.rows import record

Complain = Callable[[str, str], None]
"""Line numbers, and why they are left out."""


def records(lines: Lines, zone: tzinfo, complain: Complain) -> Iterator[Record]:
    """Each row that can be read; what is wrong with another, and its line, is said to `complain`. Raises NotACDR."""
    if lines.begins_with(b"{"):
        yield from _of_json(lines.rest(), zone, complain)
        return
    columns_of = None
    for number, fields in lines:
        try:
            if isinstance(fields, BadLine):
                raise fields
            if columns_of is None:
                columns_of, is_header = form_of(fields, lines.delimiter)
                if is_header:
                    continue
            yield record(number, columns_of(fields), zone)
        except BadLine as problem:
            complain(str(number), str(problem))


def _of_json(text: str, zone: tzinfo, complain: Complain) -> Iterator[Record]:
    try:
        for number, columns in enumerate(freeswitch.columns_of_json(text), 1):
            yield record(number, columns, zone)
    except BadLine as problem:
        complain("1", str(problem))


def form_of(fields: list[str], delimiter: str) -> tuple[Callable[[list[str]], dict[str, str]], bool]:
    """How the columns of a file are told, by its first line; whether that is a header. Raises NotACDR."""
    header = header_of(fields)
    if header:
        return (lambda values: named(values, header)), True
    if freeswitch.is_row(fields):
        return freeswitch.columns_of_row, False
    if len(fields) < FEWEST and not any(character.isdigit() for character in "".join(fields)):
        raise NotACDR(
            f"its first line names the columns {', '.join(fields)[:200]}: these are not call records of Asterisk, "
            "FreePBX or FreeSWITCH. A header has at least src, dst, start (or calldate) and disposition."
        )
    return (lambda values: named(values, None)), False
