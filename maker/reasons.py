"""Reasons in the reader's language."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext

from core import reasons


def shown(row: Model, name: str = "reason") -> str:
    """What a row keeps of a reason in `name` and beside it (`core.reasons.columns`), as this reader reads it."""
    text, code, values = (getattr(row, f"{name}{part}") for part in ("", "_code", "_values"))
    return reasons.rendered(text, code, values, gettext) if code else str(text)
