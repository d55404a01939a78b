"""Records at a vendor, through the authentication method of the CRM."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from authmethods import tokens
from crm.models import CRM, CRMObject, Kind
from crm.stores.base import Store
from integrations import registry
from integrations.base import Integration
from integrations.errors import Misconfigured
from integrations.types import Connection, Record, Search, Sought


class VendorStore(Store):
    """Records of one connection."""

    refuses_lost_cards = True  # the contract that every integration is tested by

    def __init__(self, integration: Integration, connection: Connection) -> None:
        self.integration = integration
        self.connection = connection
        self.settle_seconds = integration.marker_settle_seconds
        self.width = connection.pace.width

    def find(self, target: CRMObject, search: Search) -> list[Record]:
        return self.integration.find(self.connection, target.api_name, search)

    def read(self, target: CRMObject, record_id: str) -> Record:
        return self.integration.read(self.connection, target.api_name, record_id)

    def create(self, target: CRMObject, values: Mapping[str, object], marker: str = "") -> Record:
        return self.integration.create(self.connection, target.api_name, values, marker=marker)

    def update(self, target: CRMObject, record_id: str, values: Mapping[str, object]) -> Record:
        return self.integration.update(self.connection, target.api_name, record_id, values)

    def look_for(self, target: CRMObject, marker: str, since: datetime, values: Mapping[str, object]) -> Record | None:
        return self.integration.look_for(self.connection, Sought(target.api_name, marker, since, values))

    def complaints(self, target: CRMObject, values: Mapping[str, object]) -> dict[str, str]:
        return self.integration.complaints(target.api_name, values)


def open_vendor(crm: CRM, *, foreground: bool = False) -> VendorStore:
    """The store of a CRM of type Integration. Raises Misconfigured or NeedsReconnection, see `authmethods.tokens`."""
    if crm.kind == Kind.LOCAL or crm.method is None:
        raise Misconfigured(
            _("The CRM %(crm)s has no authentication method. Choose an enabled one on its page.") % {"crm": crm.name}
        )
    return VendorStore(registry.get(crm.integration), tokens.connect(crm.method, foreground=foreground))
