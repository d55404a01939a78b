"""A text that begins like a formula must not run in a spreadsheet. import-export's own guard removes one `=`, which
does not stop `==…`, `+…`, `-…` and `@…`, and changes the text.
"""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import normalize

from tablib import Dataset

FORMULA = ("=", "+", "-", "@")
BEGINS_ANOTHER_CELL = ("\t", "\r", "\n")
QUOTE = "'"
"""Before a cell, it makes spreadsheets take the rest as text."""


def guarded(rows: Dataset) -> Dataset:
    return _each(rows, lambda text: QUOTE + text if _runs(text) else text)


def unguarded(rows: Dataset) -> Dataset:
    """For an import: gives back exactly what was exported."""
    return _each(rows, lambda text: text[1:] if text.startswith(QUOTE) and _runs(text) else text)


def _runs(text: str) -> bool:
    """Some spreadsheets look behind what cannot be seen, and full-width signs run too."""
    seen = (sign for sign in text if sign != QUOTE and sign.isprintable() and not sign.isspace())
    return normalize("NFKC", next(seen, "")).startswith(FORMULA) or text.lstrip(QUOTE).startswith(BEGINS_ANOTHER_CELL)


def _each(rows: Dataset, change: Callable[[str], str]) -> Dataset:
    cells = [tuple(change("" if cell is None else str(cell)) for cell in row) for row in rows]
    return Dataset(*cells, headers=rows.headers)
