"""What a vendor offers to the house: the contract that every folder under `integrations/` fulfils."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from integrations.pace import Pace


@dataclass(frozen=True)
class Scope:
    """A right that we ask the vendor for, and why an administrator should grant it."""

    name: str
    why: str


@dataclass(frozen=True)
class App:
    """The client that the customer registered at the vendor."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Environment:
    """What the environment URL of a method tells: the data centre, and the portal if the URL names one."""

    location: str
    portal: str = ""


@dataclass(frozen=True)
class Grant:
    """What the token endpoint gave. `expires_at` is UTC; `refresh_token` is empty for online access."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    location: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """A portal of the vendor: the account in which records live."""

    id: str
    name: str
    portal: str
    is_sandbox: bool
    edition: str = ""
    url: str = ""


@dataclass(frozen=True)
class Budget:
    """What an organisation may ask of its vendor: requests at once, and the time zone in which its day begins."""

    concurrency: int
    zone: str = "UTC"


@dataclass(frozen=True)
class Identity:
    """Who signed in at the vendor: the stable subject within its data centre, and the e-mail it claims."""

    location: str
    subject: str
    email: str
    name: str = ""


@dataclass(frozen=True)
class SignInAddresses:
    """Where people of one data centre sign in: consent page, token endpoint and profile."""

    authorise: str
    token: str
    profile: str


@dataclass(frozen=True)
class Agent:
    """An agent as the vendor's own directory lists him."""

    id: str
    subject: str
    email: str
    active: bool


@dataclass(frozen=True)
class Choice:
    """One of the values that the vendor offers (a department, a picklist value)."""

    value: str
    label: str


@dataclass(frozen=True)
class FieldInfo:
    """A field of a module as the vendor describes it; `max_length` 0 means not stated."""

    api_name: str
    label: str
    type: str
    required: bool = False
    max_length: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """One record of a module. `values` is flat: custom fields stand beside the others, by API name."""

    module: str
    id: str
    values: Mapping[str, object]
    url: str = ""
    title: str = ""
    modified_at: datetime | None = None


@dataclass(frozen=True)
class PresetField:
    """A recommended field; `template` is what the recommended assignment form gives it."""

    name: str
    api_name: str
    type: str
    required: bool = False
    default: str = ""
    in_list: bool = False
    searchable: bool = False
    template: str = ""


@dataclass(frozen=True)
class PresetObject:
    """A recommended object with its fields; `is_card` when its records are customers shown to agents."""

    name: str
    api_name: str
    is_card: bool
    fields: tuple[PresetField, ...]


@dataclass(frozen=True)
class Connection:
    """What a call to the vendor needs. `token()` gives a valid access token, `renew(used)` a newer one.

    Both may raise NeedsReconnection, Throttled or NotSent. `foreground` is True while a person waits.
    """

    location: str
    organisation_id: str
    token: Callable[[], str] = field(repr=False)
    renew: Callable[[str], str] = field(repr=False)
    pace: Pace = field(repr=False)
    foreground: bool = False


@dataclass(frozen=True)
class Search:
    """How a customer is looked for; empty parts are not used."""

    phone: str = ""
    email: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.name)


@dataclass(frozen=True)
class Sought:
    """A record that we may have written: its marker, where it would be, and not before when (UTC)."""

    module: str
    marker: str
    since: datetime
    values: Mapping[str, object]


class Integration(ABC):
    """A vendor. Every method may raise the errors of `integrations.errors` and nothing else."""

    key: str
    label: str
    environment_label: str
    environment_help: str
    client_type: str
    sign_in_scopes: Sequence[str]
    grants_kept: int = 0
    """How many grants the vendor keeps of one person and client: one more ends the oldest. 0: no limit is known."""

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
    def preset(self, connection: Connection | None) -> tuple[PresetObject, ...]:
        """The recommended objects and fields, fitted to the portal when a connection is given."""

    @abstractmethod
    def find(self, connection: Connection, module: str, search: Search) -> list[Record]:
        """Records whose phone or e-mail really is the one sought, most recently changed first."""

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
