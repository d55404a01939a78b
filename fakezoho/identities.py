from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Person:
    """A Zoho account. Its ZUID is unique within its data centre only (docs/zoho-facts.md 3.3)."""

    dc: str
    zuid: str
    email: str
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Client:
    id: str
    secret: str = field(repr=False)
    name: str
    homepage: str
    redirect_uris: list[str]
    dc: str


@dataclass
class Code:
    client_id: str
    zuid: str
    org_id: str
    scopes: list[str]
    redirect_uri: str
    offline: bool
    consented: bool
    created_at: float
    expires_at: float
    challenge: str = field(default="", repr=False)
    challenge_method: str = "plain"
    used: bool = False


@dataclass
class Grant:
    """A refresh token: what it may do, its live access tokens (oldest first) and its throttle's window."""

    client_id: str
    zuid: str
    org_id: str
    scopes: list[str]
    created_at: float
    live: list[str] = field(default_factory=list, repr=False)
    window_start: float = 0.0
    window_count: int = 0


@dataclass
class AccessToken:
    client_id: str
    zuid: str
    org_id: str
    scopes: list[str]
    expires_at: float
    grant: str = field(default="", repr=False)
    allowed: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    def __post_init__(self) -> None:
        self.allowed = frozenset(scope.lower() for scope in self.scopes)

    def may(self, scope: str) -> bool:
        """Check a lower-case scope, granted by name or by its family's ``.ALL``."""
        return scope in self.allowed or scope.rpartition(".")[0] + ".all" in self.allowed
