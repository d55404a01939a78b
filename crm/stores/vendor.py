from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from authmethods import tokens
from crm.models import CRM, CRMObject, FieldType, Kind
from crm.stores.base import Store
from integrations.base import Integration
from integrations.errors import Misconfigured
from integrations.types import Connection, Record, Search, Sought


class VendorStore(Store):
    refuses_lost_cards = True  # the contract that every integration is tested by

    def __init__(self, integration: Integration, connection: Connection) -> None:
        self.integration = integration
        self.connection = connection
        self.settle_seconds = integration.reader.settle_seconds
        self.can_look = integration.look_up is not None
        self.once_only = integration.writer.once_only
        self.width = connection.limiter.width

    def find(self, target: CRMObject, search: Search) -> list[Record]:
        return self.integration.reader.find(self.connection, target.api_name, search)

    def read(self, target: CRMObject, record_id: str) -> Record:
        return self.integration.reader.read(self.connection, target.api_name, record_id)

    def create(self, target: CRMObject, values: Mapping[str, object], marker: str = "") -> Record:
        return self.integration.writer.create(self.connection, target.api_name, values, marker=marker)

    def update(self, target: CRMObject, record_id: str, values: Mapping[str, object]) -> Record:
        return self.integration.writer.update(self.connection, target.api_name, record_id, values)

    def look_for(self, target: CRMObject, marker: str, since: datetime, values: Mapping[str, object]) -> Record | None:
        if self.integration.look_up:
            return self.integration.look_up.look_for(self.connection, Sought(target.api_name, marker, since, values))
        search = _by_values(target, values) if target.is_card else Search()
        return next(iter(self.find(target, search)), None) if search else None

    def validation_errors(self, target: CRMObject, values: Mapping[str, object]) -> dict[str, str]:
        return self.integration.writer.validation_errors(target.api_name, values)


def open_vendor(crm: CRM, *, foreground: bool = False) -> VendorStore:
    """The store of a CRM of type Integration. Raises Misconfigured or NeedsReconnection, see `authmethods.tokens`."""
    if crm.kind == Kind.LOCAL or crm.method is None:
        raise Misconfigured(
            _("The CRM %(crm)s has no authentication method. Choose an enabled one on its page.") % {"crm": crm.name}
        )
    return VendorStore(crm.vendor, tokens.connect(crm.method, foreground=foreground))


def _by_values(target: CRMObject, values: Mapping[str, object]) -> Search:
    """The number and the e-mail of a card, by which it is found where its marker cannot be looked for."""
    given = {field.type: str(values.get(field.api_name) or "") for field in reversed(target.fields.all())}
    return Search(phone=given.get(FieldType.PHONE, ""), email=given.get(FieldType.EMAIL, ""))
