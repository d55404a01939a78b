"""The vendors that Deskline knows. A new one is a folder, and a line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from integrations.base import Integration

INTEGRATIONS = {
    "zoho_desk": ("Zoho Desk", "integrations.zoho_desk.integration.ZohoDesk"),
}


def choices() -> list[tuple[str, str]]:
    """Keys and labels, for the choices of a model field."""
    return [(key, label) for key, (label, _) in INTEGRATIONS.items()]


@cache
def get(key: str) -> Integration:
    """The integration of that key. Raises KeyError for one that is not registered."""
    module, name = INTEGRATIONS[key][1].rsplit(".", 1)
    integration: Integration = getattr(import_module(module), name)()
    return integration
