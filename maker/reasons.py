from __future__ import annotations

import re
from functools import cache

from django.db.models import Model
from django.utils.translation import gettext

from core import reasons
from integrations import registry

VALUE = re.compile(r"\{\w+\}")


def shown(row: Model, name: str = "reason") -> str:
    """What a row keeps of a reason in `name` and beside it (`core.reasons.columns`), as this reader reads it."""
    _load()
    text, code, values = (getattr(row, f"{name}{part}") for part in ("", "_code", "_values"))
    return reasons.rendered(text, code, values, gettext) if code else str(text)


def texts() -> dict[str, str]:
    _load()
    return {code: VALUE.sub("…", gettext(text)) for code, text in reasons.declared().items()}


@cache
def _load() -> None:
    for key in registry.INTEGRATIONS:
        registry.get(key)
