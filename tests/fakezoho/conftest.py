"""One stand-in for the module's tests, back at its seed before each, and people with tokens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests

from fakezoho.identities import Client
from fakezoho.serve import StandIn

CALLBACK = "http://127.0.0.1:8000/callback"
SCOPES = (
    "Desk.calls.ALL,Desk.contacts.ALL,Desk.tickets.ALL,Desk.search.READ,Desk.basic.READ,Desk.settings.ALL,"
    "Desk.activities.READ,Desk.tasks.READ,Desk.events.READ,aaaserver.profile.READ"
)


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with StandIn() as zoho:
        yield zoho


@pytest.fixture
def zoho(running: StandIn) -> StandIn:
    running.reset()
    return running


@pytest.fixture
def client(zoho: StandIn) -> Client:
    return zoho.register(CALLBACK)


def authorize_query(client: Client, **changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": CALLBACK,
        "scope": SCOPES,
        "access_type": "offline",
        "prompt": "consent",
        "state": "opaque",
    }
    return urlencode({name: value for name, value in (asked | changes).items() if value})


def parameters(url: str) -> dict[str, str]:
    """The parameters that a redirect carries."""
    return dict(parse_qsl(urlsplit(url).query))


def exchange(zoho: StandIn, client: Client, code: str, dc: str = "eu", **changes: str) -> requests.Response:
    asked = {
        "grant_type": "authorization_code",
        "client_id": client.id,
        "client_secret": client.secret,
        "redirect_uri": CALLBACK,
        "code": code,
    }
    return requests.post(f"{zoho.url}/{dc}/accounts/oauth/v2/token", data=asked | changes, timeout=5)


def refresh(zoho: StandIn, client: Client, token: str, dc: str = "eu", **changes: str) -> requests.Response:
    asked = {
        "grant_type": "refresh_token",
        "client_id": client.id,
        "client_secret": client.secret,
        "refresh_token": token,
    }
    return requests.post(f"{zoho.url}/{dc}/accounts/oauth/v2/token", data=asked | changes, timeout=5)


def granted(zoho: StandIn, client: Client, email: str = "ada@acme.example", **changes: str) -> dict[str, Any]:
    """The token answer after somebody accepted."""
    portal, dc = changes.pop("portal", ""), changes.pop("dc", "eu")
    back = zoho.approve(authorize_query(client, **changes), email, portal)
    answer: dict[str, Any] = exchange(zoho, client, parameters(back)["code"], dc).json()
    return answer


class Desk(requests.Session):
    """Speaks to one portal as one person."""

    def __init__(self, base: str, token: str, org_id: str) -> None:
        super().__init__()
        self.base = base
        self.headers["Authorization"] = f"Zoho-oauthtoken {token}"
        if org_id:
            self.headers["orgId"] = org_id

    def request(self, method, url, *args, **kwargs):
        kwargs.setdefault("timeout", 5)
        return super().request(method, self.base + url, *args, **kwargs)


@pytest.fixture
def desk_of(zoho: StandIn, client: Client) -> Callable[..., Desk]:
    def of(email: str = "ada@acme.example", dc: str = "eu", portal: str = "acme", **changes: str) -> Desk:
        token = granted(zoho, client, email, portal=portal, dc=dc, **changes)["access_token"]
        found = zoho.world.portal(dc, portal)
        assert found is not None
        return Desk(f"{zoho.url}/{dc}/desk/api/v1", token, found.id)

    return of


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    """Ada, administrator of Acme, with every scope."""
    return desk_of()


@pytest.fixture
def contact(zoho: StandIn) -> str:
    """The id of one of Acme's contacts."""
    return str(zoho.records("eu", "acme", "contacts")[0]["id"])


@pytest.fixture
def new_call(zoho: StandIn, contact: str) -> dict[str, object]:
    """The body of a call that Zoho takes."""
    return {
        "contactId": contact,
        "departmentId": zoho.records("eu", "acme", "departments")[0]["id"],
        "subject": "A call",
        "startTime": "2026-11-23T10:00:00.000Z",
        "direction": "inbound",
        "duration": 65,
        "status": "Completed",
    }


def refusal(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errorCode"]


def fields_at_fault(response: requests.Response) -> set[tuple[str, str]]:
    return {(error["fieldName"], error["errorType"]) for error in response.json()["errors"]}


def post_call(desk, new_call, **changes):
    answer = desk.post("/calls", json=new_call | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


def until_asked(zoho: StandIn, path: str) -> None:
    """Wait until the newest request is one of a path that ends so."""
    while not any(entry["path"].endswith(path) for entry in zoho.journal()[-1:]):
        time.sleep(0.01)
