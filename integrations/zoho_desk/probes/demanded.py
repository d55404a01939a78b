"""Fields of calls that a portal demands of its own, and something to put into them (docs/zoho-facts.md 4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.zoho_desk.probes.own_records import NAME
from integrations.zoho_desk.serialization import CUSTOM, is_yes

Layout = Mapping[str, Mapping[str, Any]]
"""The fields of a layout by API name."""

BY_TYPE = {
    "Number": "1", "Integer": "1", "LongInteger": "1", "Decimal": "1", "Percent": "1", "Currency": "1",
    "Date": "2026-01-01", "DateTime": "2026-01-01T00:00:00.000Z", "Email": "zoho-check@example.com",
    "Phone": "+15550100", "URL": "https://example.com", "Boolean": "true", "Checkbox": "true",
}  # fmt: skip


def names(layout: Layout) -> set[str]:
    flags = ("isMandatory", "isSystemMandatory")
    return {
        name for name, entry in layout.items()
        if name.startswith(CUSTOM) and any(is_yes(entry.get(flag)) for flag in flags)
    }  # fmt: skip


def filled(layout: Layout, wanted: Iterable[str]) -> dict[str, str]:
    return {name: _value(layout.get(name, {})) for name in wanted if name.startswith(CUSTOM)}


def _value(entry: Mapping[str, Any]) -> str:
    for allowed in entry.get("allowedValues") or ():
        value = allowed.get("value") if isinstance(allowed, Mapping) else allowed
        if value and not str(value).startswith("-"):  # “-None-” is a list's own word for nothing
            return str(value)
    return BY_TYPE.get(str(entry.get("type") or ""), NAME)
