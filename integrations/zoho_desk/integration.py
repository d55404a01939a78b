"""Zoho Desk as one of our vendors: the contract, each method handed to the part that knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from integrations.base import Integration
from integrations.errors import IntegrationError
from integrations.types import (
    Agent,
    App,
    Budget,
    Choice,
    Connection,
    Environment,
    FieldInfo,
    Grant,
    Identity,
    Organisation,
    PresetObject,
    Record,
    Scope,
    Search,
    SignInAddresses,
    Sought,
)
from integrations.zoho_desk import company_url, datacentres, limits, oauth, preset, validation, visibility
from integrations.zoho_desk import scopes as rights
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.client import Desk
from integrations.zoho_desk.directory import Directory
from integrations.zoho_desk.lookup import Looking
from integrations.zoho_desk.oauth import Accounts
from integrations.zoho_desk.records import Records
from integrations.zoho_desk.schema import CALLS, module_of
from outbound import http

CONSOLE = "https://api-console.zoho.com"
"""That of the data centre `us`; others have their own, such as api-console.zoho.eu."""


class ZohoDesk(Integration):
    """Zoho Desk and Zoho Accounts, in every data centre of the table."""

    key = "zoho_desk"
    label = "Zoho Desk"
    environment_label = "Zoho Desk company URL"
    environment_help = (
        "The address that your browser shows when you work in Zoho Desk, for example "
        "https://desk.zoho.eu/agent/yourcompany. It tells the data centre and the portal; without it, "
        "desk.zoho.com is used and the portal is chosen after the consent."
    )
    client_type = "Server-based Applications"
    sign_in_scopes = rights.SIGN_IN
    grants_kept = 20  # docs/zoho-facts.md 2.4 [D]

    def __init__(self, client: http.Client = http.client, centres: datacentres.DataCentres = datacentres.table) -> None:
        self._centres = centres
        self._accounts = Accounts(client, centres)
        self._desk = Desk(client, centres)
        self._directory = Directory(self._desk)
        self._records = Records(self._desk, self._directory)
        self._looking = Looking(self._desk, self._directory)

    @property
    def console_url(self) -> str:
        return self._centres.get(self._centres.default).console or CONSOLE

    @property
    def scopes(self) -> Sequence[Scope]:
        return rights.asked()

    @property
    def marker_settle_seconds(self) -> float:
        return assumed.settle_seconds

    def read_environment(self, url: str) -> Environment:
        return company_url.read(url, self._centres)

    def location_of(self, environment: Environment, accounts_server: str) -> str:
        # Absent without Multi-DC (docs/zoho-facts.md 2.2): then the user is of the data centre where they were sent.
        if not accounts_server:
            return environment.location
        # People live in data centres without Desk too (uk); whoever needs Desk there is told by `Desk`.
        return self._centres.of_accounts_server(accounts_server).location

    def authorise_url(
        self, client_id: str, environment: Environment, *, redirect_uri: str, state: str, code_challenge: str
    ) -> str:
        return self._accounts.authorise_url(
            client_id,
            environment.location,
            redirect_uri=redirect_uri,
            state=state,
            code_challenge=code_challenge,
        )

    def redeem(self, app: App, location: str, *, code: str, redirect_uri: str, code_verifier: str) -> Grant:
        return self._accounts.redeem(app, location, code=code, redirect_uri=redirect_uri, code_verifier=code_verifier)

    def refresh(self, app: App, location: str, refresh_token: str) -> Grant:
        return self._accounts.refresh(app, location, refresh_token)

    def revoke(self, app: App, location: str, refresh_token: str) -> None:
        self._accounts.revoke(app, location, refresh_token)

    def sign_in_addresses(self, location: str) -> SignInAddresses:
        return self._accounts.sign_in_addresses(location)

    def identity(self, location: str, profile: Mapping[str, object]) -> Identity:
        return oauth.identity(location, profile)

    def organisations(self, connection: Connection) -> list[Organisation]:
        return self._directory.organisations(connection)

    def budget(self, location: str, edition: str) -> Budget:
        return limits.budget(location, edition)

    def agent(self, connection: Connection, subject: str) -> Agent | None:
        return self._directory.agent(connection, subject)

    def departments(self, connection: Connection) -> list[Choice]:
        return self._directory.departments(connection)

    def fields(self, connection: Connection, module: str) -> list[FieldInfo]:
        return self._directory.fields(connection, module_of(module))

    def hidden(self, connection: Connection, module: str) -> list[str]:
        return visibility.hidden(self._desk, connection, module_of(module))

    def preset(self, connection: Connection | None) -> tuple[PresetObject, ...]:
        try:
            known = self._directory.fields(connection, CALLS) if connection else None
        except IntegrationError:
            known = None
        return preset.objects(known)

    def find(self, connection: Connection, module: str, search: Search) -> list[Record]:
        return self._records.find(connection, module_of(module), search)

    def read(self, connection: Connection, module: str, record_id: str) -> Record:
        return self._records.read(connection, module_of(module), record_id)

    def create(self, connection: Connection, module: str, values: Mapping[str, object], *, marker: str = "") -> Record:
        return self._records.create(connection, module_of(module), values, marker)

    def update(self, connection: Connection, module: str, record_id: str, values: Mapping[str, object]) -> Record:
        return self._records.update(connection, module_of(module), record_id, values)

    def look_for(self, connection: Connection, sought: Sought) -> Record | None:
        return self._looking.look_for(connection, module_of(sought.module), sought)

    def complaints(self, module: str, values: Mapping[str, object]) -> dict[str, str]:
        return validation.complaints(module_of(module), values)
