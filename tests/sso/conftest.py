"""A connector whose method is connected to Acme's portal, and people who walk through the stand-in's sign-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from authmethods.fields import seal
from authmethods.models import AuthenticationMethod, ClientSecret, Status, StoredGrant
from fakezoho.identities import Person as ZohoPerson
from fakezoho.serve import StandIn
from integrations.zoho_desk import datacentres
from sso.models import Association, SSOConnector
from users.models import User

CALLBACK = "http://127.0.0.1:8000/api/sso/login/oauth/callback"
CONSENT = "http://127.0.0.1:8000/api/authclients/hbdnakz/fzefdzs"


@pytest.fixture(scope="session")
def running_zoho(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with StandIn() as standin:
        path: Path = tmp_path_factory.mktemp("zoho") / "datacentres.json"
        path.write_text(json.dumps(standin.datacentres()))
        datacentres.extend(path)
        yield standin


@pytest.fixture
def zoho(running_zoho: StandIn) -> StandIn:
    running_zoho.reset()
    return running_zoho


@pytest.fixture
def method(zoho: StandIn, db: None) -> AuthenticationMethod:
    """Enabled for Acme's portal in the EU, with a grant that Ada gave."""
    registered = zoho.register(CALLBACK, CONSENT)
    method = AuthenticationMethod.objects.create(
        name="Zoho Desk", client_id=registered.id, location="eu", status=Status.ENABLED,
        environment_url=zoho.world.centres["eu"].desk_url + "/agent/acme",
    )  # fmt: skip
    secret = ClientSecret(method=method)
    secret.seal(registered.secret)
    secret.save()
    connect(zoho, method)
    return method


def connect(zoho: StandIn, method: AuthenticationMethod) -> None:
    vendor = method.vendor
    url = vendor.authorise_url(
        method.client_id, vendor.read_environment(method.environment_url), redirect_uri=CONSENT, state="s",
        code_challenge="",
    )  # fmt: skip
    back = zoho.approve(url.replace("&code_challenge_method=S256", ""), "ada@acme.example", "acme")
    code = dict(pair.split("=") for pair in urlsplit(back).query.split("&"))["code"]
    given = vendor.redeem(method.app(), "eu", code=code, redirect_uri=CONSENT, code_verifier="")
    grant = StoredGrant(method=method, expires_at=given.expires_at, refreshed_at=timezone.now())
    grant.access_token = seal(grant.owner, given.access_token)
    grant.refresh_token = seal(grant.owner, given.refresh_token)
    grant.save()
    portal = zoho.world.portal("eu", "acme")
    assert portal is not None
    method.organisation_id = portal.id
    method.save(update_fields=["organisation_id"])


@pytest.fixture
def connector(method: AuthenticationMethod) -> SSOConnector:
    return SSOConnector.objects.create(name="Zoho", reference="zoho", method=method)


@pytest.fixture
def grace(connector: SSOConnector) -> User:
    """An agent of Acme's, invited to the connector."""
    user = User.objects.create_user("grace@acme.example", name="Grace")
    Association.objects.create(user=user, connector=connector)
    return user


class Person:
    """Somebody with a browser and a Zoho account."""

    def __init__(self, zoho: StandIn, email: str, browser: Client | None = None) -> None:
        self.zoho = zoho
        self.email = email
        self.browser = browser or Client()

    def leave(self, path: str = "/api/sso/login/zoho") -> str:
        """Open the login URL; where the browser is sent."""
        answer = self.browser.get(path)
        assert answer.status_code == 302, answer.content
        return str(answer["Location"])

    def accept(self, authorise: str) -> str:
        """Consent at Zoho; where the browser is sent back."""
        return self.zoho.approve(authorise, self.email)

    def arrive(self, back: str) -> Any:
        assert back.startswith(settings.PUBLIC_URL)
        return self.browser.get(back.removeprefix(settings.PUBLIC_URL))

    def sign_in(self, path: str = "/api/sso/login/zoho") -> Any:
        return self.arrive(self.accept(self.leave(path)))

    @property
    def user(self) -> str:
        """The id of the user of this browser's session, "" for nobody."""
        return str(self.browser.session.get("_auth_user_id", ""))


def rename(zoho: StandIn, person: ZohoPerson, email: str) -> None:
    """Give a Zoho account another e-mail, as its owner can."""
    zoho.world.centres[person.dc].people[person.zuid] = replace(person, email=email)
