"""A real Zoho Desk integration against the local Zoho, over HTTP, with consent given as a person would give it."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from fakezoho.serve import StandIn
from integrations.errors import Throttled
from integrations.types import App, Connection, Grant
from integrations.zoho_desk.datacentres import DataCentres
from integrations.zoho_desk.integration import ZohoDesk
from outbound.http import Client
from outbound.limiter import RateLimiter, Unlimited

REDIRECT = "http://127.0.0.1/api/authclients/hbdnakz/fzefdzs"
ADA = "ada@acme.example"
ACME = "20098765431"


@dataclass
class Customer:
    """A customer of ours at the local Zoho: his client there, and what his consent gave."""

    zoho: StandIn
    vendor: ZohoDesk
    app: App
    centres: DataCentres
    location: str = "eu"
    email: str = ADA
    portal: str = "acme"
    organisation_id: str = ACME
    renewals: list[str] = field(default_factory=list)

    def code(self, verifier: str = "") -> dict[str, str]:
        """Consent at Zoho: what the callback brings."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        environment = self.vendor.read_environment(f"{self.zoho.url}/{self.location}/desk/agent/{self.portal}")
        address = self.vendor.oauth.authorise_url(
            self.app.client_id, environment, redirect_uri=REDIRECT, state="st4te", code_challenge=challenge
        )
        back = urlsplit(self.zoho.approve(address, self.email, self.portal))
        return {name: values[0] for name, values in parse_qs(back.query).items()}

    def grant(self) -> Grant:
        """A fresh grant: consent and exchange."""
        verifier = secrets.token_urlsafe(48)
        return self.vendor.oauth.redeem(
            self.app, self.location, code=self.code(verifier)["code"], redirect_uri=REDIRECT, code_verifier=verifier
        )

    def connection(self, *, limiter: RateLimiter | None = None, foreground: bool = False) -> Connection:
        """A connection that renews its token once it is refused."""
        current = self.grant()

        def renew(used: str) -> str:
            nonlocal current
            self.renewals.append(used)
            current = self.vendor.oauth.refresh(self.app, self.location, current.refresh_token)
            return current.access_token

        return Connection(
            location=self.location,
            organisation_id=self.organisation_id,
            token=lambda: current.access_token,
            renew=renew,
            limiter=limiter or Unlimited(),
            foreground=foreground,
        )

    def sent(self, connection_since: int = 0) -> list[str]:
        """Method and path of what Zoho was asked for records and the directory, oldest first."""
        entries = self.zoho.journal(connection_since)
        return [f"{e['method']} {_short(e['path'])}" for e in entries if "/api/v1/" in e["path"]]

    def mark(self) -> int:
        """Where the journal is now."""
        entries = self.zoho.journal()
        return int(entries[-1]["number"]) if entries else 0

    def department(self) -> str:
        return str(self.zoho.records(self.location, self.portal, "departments")[0]["id"])

    def contact(self, last_name: str) -> dict[str, object]:
        """A contact of the demo's, by last name."""
        found = self.zoho.records(self.location, self.portal, "contacts")
        return next(record for record in found if record["lastName"] == last_name)


def left(error: Throttled) -> timedelta:
    """How long a throttled caller has to wait from now."""
    assert error.until is not None
    return error.until - datetime.now(UTC)


def _short(path: str) -> str:
    return path.split("/api/v1", 1)[1]


@pytest.fixture(scope="session")
def running_zoho() -> Iterator[StandIn]:
    with StandIn() as zoho:
        yield zoho


@pytest.fixture
def zoho(running_zoho: StandIn) -> StandIn:
    running_zoho.reset()
    return running_zoho


@pytest.fixture(scope="session")
def outbound(running_zoho: StandIn) -> Client:
    client = Client()
    client.trust(running_zoho.url)
    return client


@pytest.fixture
def customer(zoho: StandIn, outbound: Client) -> Customer:
    centres = DataCentres()
    centres.extend(zoho.datacentres())
    registered = zoho.register(REDIRECT)
    return Customer(zoho, ZohoDesk(outbound, centres), App(registered.id, registered.secret), centres)


@pytest.fixture
def connection(customer: Customer) -> Connection:
    return customer.connection()
