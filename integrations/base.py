"""What a vendor offers to Deskline: the contract that every folder under `integrations/` fulfils."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

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


class Integration(ABC):
    """A vendor. Every method may raise the errors of `integrations.errors` and nothing else."""

    key: str
    label: str
    environment_label: str
    environment_help: str
    client_type: str
    sign_in_scopes: Sequence[str]
    grants_kept: int = 0
    """How many grants the vendor keeps for one person and client; one more ends the oldest. 0: no limit is known."""

    @property
    @abstractmethod
    def console_url(self) -> str:
        """Where an administrator registers a client at the vendor."""

    @property
    @abstractmethod
    def scopes(self) -> Sequence[Scope]:
        """The rights that a consent asks for."""

    @property
    @abstractmethod
    def marker_settle_seconds(self) -> float:
        """How long after a write the vendor's listings may still not show it, in seconds."""

    # Where it lives, and consent
    @abstractmethod
    def read_environment(self, url: str) -> Environment:
        """Data centre and portal of the customer's URL ("" gives the default). Raises Misconfigured."""

    @abstractmethod
    def location_of(self, environment: Environment, accounts_server: str) -> str:
        """The data centre of the accounts server that a callback names. Raises Misconfigured: not in the table."""

    @abstractmethod
    def authorise_url(
        self, client_id: str, environment: Environment, *, redirect_uri: str, state: str, code_challenge: str
    ) -> str:
        """Where the administrator consents: offline access, always asking, PKCE S256."""

    @abstractmethod
    def redeem(self, app: App, location: str, *, code: str, redirect_uri: str, code_verifier: str) -> Grant:
        """Exchange the code of a consent. Raises NeedsReconnection when the vendor refuses it."""

    @abstractmethod
    def refresh(self, app: App, location: str, refresh_token: str) -> Grant:
        """Ask for a new access token. The grant holds the old refresh token unless a new one came."""

    @abstractmethod
    def revoke(self, app: App, location: str, refresh_token: str) -> None:
        """End a refresh token and its access tokens."""

    # Sign-in
    @abstractmethod
    def sign_in_addresses(self, location: str) -> SignInAddresses:
        """The addresses of that data centre. Raises Misconfigured for one that is not in the table."""

    @abstractmethod
    def identity(self, location: str, profile: Mapping[str, object]) -> Identity:
        """Read the vendor's profile answer. Raises Misconfigured when it names no subject or no e-mail."""

    # The directory
    @abstractmethod
    def budget(self, location: str, edition: str) -> Budget:
        """What an organisation of this edition may ask, for its `Pace`."""

    @abstractmethod
    def organisations(self, connection: Connection) -> list[Organisation]:
        """The portals that the token reaches (the connection needs no organisation yet)."""

    @abstractmethod
    def agent(self, connection: Connection, subject: str) -> Agent | None:
        """The agent with this subject, None when the portal has none."""

    @abstractmethod
    def departments(self, connection: Connection) -> list[Choice]:
        """The enabled departments of the portal."""

    # Records
    @abstractmethod
    def fields(self, connection: Connection, module: str) -> list[FieldInfo]:
        """The fields of a module as the portal has them."""

    @abstractmethod
    def hidden(self, connection: Connection, module: str) -> list[str]:
        """The fields on which `find` and `look_for` rest and which the consenting agent does not see."""

    @abstractmethod
    def preset(self, connection: Connection | None) -> tuple[PresetObject, ...]:
        """The recommended objects and fields, fitted to the portal when a connection is given."""

    @abstractmethod
    def find(self, connection: Connection, module: str, search: Search) -> list[Record]:
        """Records whose phone or e-mail really is the one sought, most recently changed first.

        A number is found in whatever form it is written. The vendor's search may lag: what was written moments ago may
        be missing, so keep the id of what you create.
        """

    @abstractmethod
    def read(self, connection: Connection, module: str, record_id: str) -> Record:
        """One record. Raises RecordGone."""

    @abstractmethod
    def create(self, connection: Connection, module: str, values: Mapping[str, object], *, marker: str = "") -> Record:
        """Write a new record that carries `marker`, so that `look_for` can find it."""

    @abstractmethod
    def update(self, connection: Connection, module: str, record_id: str, values: Mapping[str, object]) -> Record:
        """Change a record. Raises RecordGone."""

    @abstractmethod
    def look_for(self, connection: Connection, sought: Sought) -> Record | None:
        """The record that carries the marker, read where new records show first; None when it is not there."""

    @abstractmethod
    def complaints(self, module: str, values: Mapping[str, object]) -> dict[str, str]:
        """What the vendor would refuse of these values, by API name, without asking it."""
