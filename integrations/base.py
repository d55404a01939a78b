"""The contract of every folder under `integrations/`: what a vendor lacks (None) is offered to nobody. Methods raise
the errors of `integrations.errors` and nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence

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
    Rate,
    Record,
    Scope,
    Search,
    Setup,
    SignInAddresses,
    Sought,
)


class OAuthClient(ABC):
    """Access by an administrator's consent. A vendor without it is asked with the secret of the method as its key."""

    client_type: str
    """How the vendor's console calls the type of client to register."""
    setup: Setup
    grants_kept: int = 0
    """How many grants the vendor keeps for one person and client; one more ends the oldest. 0: no limit is known."""
    token_requests: Rate | None = None
    """How often we ask for a token with one grant at most; None: as often as needed."""

    @property
    @abstractmethod
    def console_url(self) -> str: ...

    @property
    @abstractmethod
    def scopes(self) -> Sequence[Scope]: ...

    def missing_scopes(self, granted: Collection[str]) -> list[str]:
        """Those that a consent left out; none while nobody said which were granted."""
        return [scope.name for scope in self.scopes if granted and scope.name not in granted]

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
        """Raises NeedsReconnection when the vendor refuses the code."""

    @abstractmethod
    def refresh(self, app: App, location: str, refresh_token: str) -> Grant:
        """Ask for a new access token. The grant holds the old refresh token unless a new one came."""

    @abstractmethod
    def revoke(self, app: App, location: str, refresh_token: str) -> None: ...


class SignIn(ABC):
    """People sign in at the vendor, by OAuth 2.0 with PKCE, through the same client as API access."""

    scope: str
    """What is asked for: who it is, and never a right of the API."""
    parameters: Mapping[str, str] = {}
    """What the consent page is given besides what OAuth 2.0 itself says."""

    @abstractmethod
    def addresses(self, location: str) -> SignInAddresses:
        """The addresses of that data centre. Raises Misconfigured for one that is not in the table."""

    @abstractmethod
    def redeem(self, app: App, location: str, *, code: str, redirect_uri: str, code_verifier: str) -> str: ...

    @abstractmethod
    def identity(self, location: str, profile: Mapping[str, object]) -> Identity:
        """Read the vendor's profile answer. Raises Misconfigured when it names no subject or no e-mail."""


class Directory(ABC):
    @abstractmethod
    def organisations(self, connection: Connection) -> list[Organisation]:
        """The portals that the token reaches (the connection needs no organisation yet)."""

    @abstractmethod
    def agent(self, connection: Connection, subject: str) -> Agent | None:
        """The agent with this subject, None when the portal has none."""

    @abstractmethod
    def departments(self, connection: Connection) -> list[Choice]:
        """The enabled departments of the portal."""


class Schema(ABC):
    @abstractmethod
    def fields(self, connection: Connection, module: str) -> list[FieldInfo]: ...

    @abstractmethod
    def hidden(self, connection: Connection, module: str) -> list[str]:
        """The fields on which finding and looking rest and which the consenting agent does not see."""

    @abstractmethod
    def preset(self, connection: Connection | None) -> tuple[PresetObject, ...]:
        """The recommended objects and fields, fitted to the portal when a connection is given."""


class RecordReader(ABC):
    settle_seconds: float
    """How long after a write lists and searches may still not show it, in seconds."""

    @abstractmethod
    def find(self, connection: Connection, module: str, search: Search) -> list[Record]:
        """Whose phone or e-mail really is the one sought, in whatever form, most recently changed first. The vendor's
        search may lag: keep the id of what you create.
        """

    @abstractmethod
    def read(self, connection: Connection, module: str, record_id: str) -> Record:
        """Raises RecordGone."""


class RecordWriter(ABC):
    once_only: bool = False
    """Whether the vendor itself writes nothing new for a create whose marker it has seen: it may simply be repeated."""

    @abstractmethod
    def create(self, connection: Connection, module: str, values: Mapping[str, object], *, marker: str = "") -> Record:
        """Write a new record that carries `marker`, by which it is known again."""

    @abstractmethod
    def update(self, connection: Connection, module: str, record_id: str, values: Mapping[str, object]) -> Record:
        """Raises RecordGone."""

    @abstractmethod
    def validation_errors(self, module: str, values: Mapping[str, object]) -> dict[str, str]:
        """What the vendor would refuse of these values, by API name, without asking it."""


class LookUp(ABC):
    """Seeing whether a create whose answer was lost was carried out. Without it, a person decides."""

    @abstractmethod
    def look_for(self, connection: Connection, sought: Sought) -> Record | None:
        """The record that carries the marker, read where new records show first; None when it is not there."""


class Limits(ABC):
    @abstractmethod
    def budget(self, location: str, edition: str) -> Budget: ...


class Integration(ABC):
    """A vendor: what it is called, where its customers are, and its capabilities."""

    key: str
    label: str
    environment_label: str
    environment_help: str
    secret_help: str
    """Where an administrator finds the secret of the method."""

    reader: RecordReader
    writer: RecordWriter
    oauth: OAuthClient | None = None
    sign_in: SignIn | None = None
    directory: Directory | None = None
    schema: Schema | None = None
    look_up: LookUp | None = None
    limits: Limits | None = None

    @abstractmethod
    def read_environment(self, url: str) -> Environment:
        """Data centre and portal of the customer's URL ("" gives the default). Raises Misconfigured."""

    def problem_of_department(self, department_id: str) -> str:
        """Why no department can have this id; "" when one can."""
        return ""
