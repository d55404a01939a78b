from __future__ import annotations

from crm.models import CRM, Kind
from crm.stores.base import Store
from crm.stores.local import LocalStore
from crm.stores.vendor import open_vendor


def open_store(crm: CRM, *, foreground: bool = False) -> Store:
    """`foreground` while a person waits. Raises Misconfigured or NeedsReconnection."""
    return LocalStore(crm) if crm.kind == Kind.LOCAL else open_vendor(crm, foreground=foreground)
