"""Fields that the agent's profile hides are silently missing from every answer (docs/zoho-facts.md 9).

A look that cannot see by what it knows a record has not shown that the record is absent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.errors import Misconfigured
from integrations.types import Connection
from integrations.zoho_desk import marker, reasons
from integrations.zoho_desk.client import Desk
from integrations.zoho_desk.schema import CONTACTS, Module

LOOKED_AT = 10
"""Records whose fields are compared: one alone may lack what others show."""
OF_MARKED = ("subject", "createdTime")
OF_CONTACTS = ("phone", "mobile", "email", "lastName", "createdTime")


def hidden(desk: Desk, connection: Connection, module: Module) -> list[str]:
    """Of the fields on which our looks rest, those that no record shows; none where there is no record to see."""
    page = desk.page(connection, f"/{module.name}", {"limit": str(LOOKED_AT)})
    needed = OF_CONTACTS if module is CONTACTS else OF_MARKED
    return [name for name in needed if page and not any(name in entry for entry in page)]


def shows_its_marker(entry: Mapping[str, Any]) -> bool:
    """Whether a marker of this record could be seen: in its subject, or in our field, which others leave empty."""
    custom = entry.get("cf")
    return "subject" in entry or (isinstance(custom, Mapping) and bool(custom.get(marker.FIELD)))


def unseen(module: Module, names: Sequence[str]) -> Misconfigured:
    fields = ", ".join(f"“{name}”" for name in names)
    return Misconfigured(reasons.HIDDEN(fields=fields, module=module.name))
