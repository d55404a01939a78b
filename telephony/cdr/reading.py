from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo

from telephony.calls.records import Record
from telephony.cdr.columns import header_of, named
from telephony.cdr.errors import BadLine
from telephony.cdr.rows import record

Complain = Callable[[str, str], None]
"""Line numbers, and why they are left out."""


def records(lines: Iterable[tuple[int, list[str] | BadLine]], zone: tzinfo, complain: Complain) -> Iterator[Record]:
    """Each row that can be read; what is wrong with another, and its line, is said to `complain`."""
    header, is_first = None, True
    for number, fields in lines:
        try:
            if isinstance(fields, BadLine):
                raise fields
            if is_first:
                header, is_first = header_of(fields), False
                if header:
                    continue
            yield record(number, named(fields, header), zone)
        except BadLine as problem:
            complain(str(number), str(problem))
