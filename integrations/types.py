"""What passes between a vendor and the house: plain values, frozen. Secrets and customers' data stay out of `repr`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from outbound.limiter import RateLimiter


@dataclass(frozen=True)
class Scope:
    name: str
    why: str


@dataclass(frozen=True)
class App:
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Setup:
    console_name: str
    register: str
    addresses: str
    credentials: str
    sign_in: str
    """What signing in asks for, besides."""


@dataclass(frozen=True)
class Environment:
    """What the environment URL of a method names: the data centre, and maybe the portal."""

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
    id: str
    name: str
    portal: str
    is_sandbox: bool
    edition: str = ""
    url: str = ""


@dataclass(frozen=True)
class Rate:
    most: int
    window: timedelta


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
    email: str = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class SignInAddresses:
    """Where people of one data centre sign in: consent page and profile."""

    authorise: str
    profile: str


@dataclass(frozen=True)
class Agent:
    id: str
    subject: str
    email: str = field(repr=False)
    active: bool


@dataclass(frozen=True)
class Choice:
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
    """One record of a module. `values` is flat: custom fields are beside the others, by API name."""

    module: str
    id: str
    values: Mapping[str, object] = field(repr=False)
    url: str = ""
    title: str = field(default="", repr=False)
    modified_at: datetime | None = None


@dataclass(frozen=True)
class PresetField:
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
    """`renew(used)` gives a newer token than that. Both raise NeedsReconnection, Throttled or NotSent."""

    location: str
    organisation_id: str
    token: Callable[[], str] = field(repr=False)
    renew: Callable[[str], str] = field(repr=False)
    limiter: RateLimiter = field(repr=False)
    foreground: bool = False


@dataclass(frozen=True)
class Search:
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    name: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.name)


@dataclass(frozen=True)
class Sought:
    """A record that we may have written: its module, marker and values, written at `since` (UTC) or later."""

    module: str
    marker: str
    since: datetime
    values: Mapping[str, object] = field(repr=False)
