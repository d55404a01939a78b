"""The vendors that Deskline knows. A new one is a folder, and a line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from integrations.base import Integration

INTEGRATIONS = {
    "zoho_desk": ("Zoho Desk", "integrations.zoho_desk.integration.ZohoDesk"),
}
DEFAULT = next(iter(INTEGRATIONS))
"""With which a new method or CRM starts."""


def choices() -> list[tuple[str, str]]:
    return [(key, label) for key, (label, _) in INTEGRATIONS.items()]


def having(*capabilities: str) -> list[str]:
    """The keys of the vendors that have all of these, by their names in `Integration`."""
    return [key for key in INTEGRATIONS if all(getattr(get(key), name) is not None for name in capabilities)]


@cache
def get(key: str) -> Integration:
    """The integration of that key. Raises KeyError for one that is not registered."""
    module, name = INTEGRATIONS[key][1].rsplit(".", 1)
    integration: Integration = getattr(import_module(module), name)()
    return integration
