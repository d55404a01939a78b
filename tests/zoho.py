"""The stand-in of Zoho over HTTP, and what people do there.

`zoho` gives a fresh stand-in; `zoho.method(by=ada)` an enabled authentication method, whose consent really took place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore

from authmethods import addresses, consent, creation, tokens
from authmethods.models import AuthenticationMethod, Kind
from fakezoho.identities import Client
from fakezoho.serve import StandIn
from integrations.types import Choice, Connection
from integrations.zoho_desk import datacentres
from users.models import User

ADMINISTRATORS = {"acme": "ada@acme.example", "acmesandbox": "ada@acme.example", "globex": "hank@globex.example"}
"""Who consents for which portal of the stand-in's demo companies."""
CENTRES = {"acme": "eu", "acmesandbox": "eu", "globex": "us"}


def departments(method: AuthenticationMethod, connection: Connection | None = None) -> list[Choice]:
    """The departments of its portal."""
    directory = method.vendor.directory
    assert directory
    return directory.departments(connection or tokens.connect(method))


class Zoho:
    """A stand-in with its seed data, known to the product by its data-centre table."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def client(self, dc: str = "eu") -> Client:
        """A client as a customer registers it: both redirect addresses of this installation."""
        return self.stand_in.register(addresses.consent_return(), addresses.sign_in_return(), dc=dc)

    def url_of(self, portal: str) -> str:
        """The company URL of a portal."""
        return f"{self.stand_in.world.centres[CENTRES[portal]].desk_url}/agent/{portal}"

    def disabled_method(
        self, portal: str = "acme", name: str = "Zoho Desk", *, url: str | None = None
    ) -> AuthenticationMethod:
        """A method with client and secret, before its consent; `url` "" leaves the environment open."""
        client = self.client(CENTRES[portal])
        method = AuthenticationMethod.objects.create(
            name=name, client_id=client.id, environment_url=self.url_of(portal) if url is None else url
        )
        creation.store_secret(method, client.secret)
        return method

    def accept(self, address: str, portal: str = "acme") -> dict[str, str]:
        """Play the consent page: its administrator accepts. Gives the parameters of the return."""
        return parameters(self.stand_in.approve(address, ADMINISTRATORS[portal], portal))

    def method(self, portal: str = "acme", name: str = "Zoho Desk", *, by: User) -> AuthenticationMethod:
        """An enabled method, by the product's own consent."""
        return self.connect(self.disabled_method(portal, name), portal, by=by)

    def connect(self, method: AuthenticationMethod, portal: str = "acme", *, by: User) -> AuthenticationMethod:
        """The same method after a consent, its first or another one."""
        session = SessionStore()
        session.create()
        kind = Kind.SANDBOX if portal == "acmesandbox" else Kind.PRODUCTION
        answer = self.accept(consent.begin(method, kind, by, session), portal)
        enabled = consent.complete(returned(by, session.session_key, answer))
        assert isinstance(enabled, AuthenticationMethod)
        return enabled

    def asked(self, path: str) -> list[dict[str, Any]]:
        """The requests of the journal whose path ends so."""
        return [entry for entry in self.stand_in.journal() if entry["path"].endswith(path)]


def parameters(address: str) -> dict[str, str]:
    """The query of an address, each name once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def returned(user: User, session_key: str | None, answer: dict[str, str]) -> consent.Return:
    """What the callback makes of a return's parameters."""
    return consent.Return(
        user=user,
        session_key=session_key or "",
        state=answer.get("state", ""),
        code=answer.get("code", ""),
        error=answer.get("error", ""),
        accounts_server=answer.get("accounts-server", ""),
    )


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One stand-in for the run."""
    with StandIn() as running:
        yield running


@contextmanager
def in_place_of_the_real_one(stand_in: StandIn, directory: Path) -> Iterator[None]:
    """The product's data centres are those of the stand-in for a while."""
    rows, default = dict(datacentres.table.rows), datacentres.table.default
    addresses_file = directory / "datacentres.json"
    addresses_file.write_text(json.dumps(stand_in.datacentres()))
    datacentres.extend(addresses_file)
    yield
    datacentres.table.rows, datacentres.table.default = rows, default


@pytest.fixture
def zoho(stand_in: StandIn, tmp_path: Path) -> Iterator[Zoho]:
    """The stand-in as it was at its start, for this test in the place of the product's data centres."""
    stand_in.reset()
    with in_place_of_the_real_one(stand_in, tmp_path):
        yield Zoho(stand_in)
