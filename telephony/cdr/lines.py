from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from itertools import islice

from telephony.cdr.errors import BadLine

DELIMITERS = ",;\t"
MOST_LINES = 10
"""Physical lines of one row: more is a quote that was never closed."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Some telephones send them in names, and PostgreSQL refuses some of them."""

BREAK = re.compile(r"[\r\n]+")


class Lines:
    """Rows as lists of columns, each with the number of its line, beginning with 1."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = enumerate(lines, 1)
        self._again: list[tuple[int, bytes]] = []
        self.delimiter = ","
        self.not_utf8 = 0
        """How many lines were read as cp1252."""

    def __iter__(self) -> Iterator[tuple[int, list[str] | BadLine]]:
        is_first = True
        while (line := self._next()) is not None:
            number, text = line[0], self._decoded(line[1])
            if is_first:
                text = text.removeprefix("\ufeff")
            if not text.strip():
                continue
            if is_first:
                self.delimiter = max(DELIMITERS, key=text.count)
                is_first = False
            yield number, self._row(text)

    def begins_with(self, text: bytes) -> bool:
        """Whether the file does, white space aside."""
        while (line := self._next()) is not None:
            if line[1].strip():
                self._again.insert(0, line)
                return line[1].removeprefix(BOM_UTF8).lstrip().startswith(text)
        return False

    def rest(self) -> str:
        """All that was not read yet."""
        parts = []
        while (line := self._next()) is not None:
            parts.append(self._decoded(line[1]))
        return "".join(parts).removeprefix("\ufeff")

    def _next(self) -> tuple[int, bytes] | None:
        return self._again.pop(0) if self._again else next(self._lines, None)

    def _decoded(self, line: bytes) -> str:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            self.not_utf8 += 1
            text = line.decode("cp1252", errors="replace")
        return CONTROL.sub(" ", text)

    def _row(self, text: str) -> list[str] | BadLine:
        """One row; lines are added while a quote is open, and given back when none closes it."""
        if '"' not in text:
            return text.rstrip("\r\n").split(self.delimiter)
        taken: list[tuple[int, bytes]] = []
        whole = text
        while True:
            try:
                return parsed(whole, self.delimiter)
            except csv.Error as error:
                following = self._next() if is_open(error) and len(taken) < MOST_LINES else None
                if following is None:
                    self._again = taken + self._again
                    return BadLine(f"it is not CSV ({error})")
                taken.append(following)
                whole += self._decoded(following[1])


def parsed(text: str, delimiter: str) -> list[str]:
    """Quotes doubled, as Asterisk and most exports write them; else after a backslash, as MySQL does."""
    text = text.rstrip("\r\n")
    lines = text.splitlines(keepends=True) if "\n" in text else [text]
    try:
        rows = list(islice(csv.reader(lines, delimiter=delimiter, strict=True), 2))
    except csv.Error as error:
        if '\\"' not in text or is_open(error):
            raise
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True, doublequote=False, escapechar="\\"))
    if len(rows) > 1:
        raise csv.Error("a line break outside quotes")
    return [BREAK.sub(" ", field) for field in rows[0]] if "\n" in text else rows[0]


def is_open(error: csv.Error) -> bool:
    return "unexpected end of data" in str(error)
