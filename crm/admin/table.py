from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Table:
    """`lines` tells for each row where it begins in the file: cells hold line breaks, and lines may be empty."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read(text: str) -> Table:
    """Rows as wide as the first; short ones are filled up. Raises ValidationError."""
    numbered = list(_numbered(text))
    headers = numbered[0][1] if numbered else []
    for line, row in numbered:
        if len(row) > len(headers):
            told = {"line": line, "found": len(row), "expected": len(headers)}
            raise ValidationError(_("Line %(line)d has %(found)d columns, the first has %(expected)d.") % told)
        _refuse_odd_characters(line, headers, row)
    rows = [row + [""] * (len(headers) - len(row)) for _line, row in numbered[1:]]
    return Table(headers, rows, [line for line, _row in numbered[1:]])


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""))
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            told = {"line": line, "why": str(error)}
            refusal = _("Line %(line)d cannot be read (%(why)s). Perhaps a quotation mark is missing.")
            raise ValidationError(refusal % told) from None
        if row:
            yield line, row


def _refuse_odd_characters(line: int, headers: list[str], row: list[str]) -> None:
    for name, cell in zip(headers, row, strict=False):
        if "\0" in cell:
            told = {"line": line, "column": name.replace("\0", "")}
            text = _("Line %(line)d, column %(column)s: it holds a character that cannot be kept (NUL). Remove it.")
            raise ValidationError(text % told)
