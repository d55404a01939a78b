"""What an attacker does to the callback: replayed, stolen, mixed-up and crafted returns."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
import requests
import time_machine
from django.test import Client

from sso.models import PinnedIdentity, SignInRefusal, SSOConnector
from tests.sso.conftest import Person
from tests.zoho import Zoho
from users.models import User

pytestmark = pytest.mark.django_db


def reason() -> str:
    return SignInRefusal.objects.latest("pk").reason


def token_requests(zoho: Zoho, since: int) -> list[object]:
    return [entry for entry in zoho.stand_in.journal()[since:] if entry["path"].endswith("/token")]


def test_a_return_serves_once(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    back = person.accept(person.leave())
    person.arrive(back)
    person.browser.post("/api/sso/sign-out")
    assert person.arrive(back).status_code == 403
    assert person.user == ""
    assert "used already" in reason()


def test_a_return_serves_the_browser_that_left(zoho: Zoho, grace: User) -> None:
    """Mallory sends her own return to Grace, to have Grace work in Mallory's account (login CSRF)."""
    mallory, victim = Person(zoho, "grace@acme.example"), Client()
    back = mallory.accept(mallory.leave())
    since = len(zoho.stand_in.journal())
    assert Person(zoho, "", victim).arrive(back).status_code == 403
    assert "_auth_user_id" not in victim.session
    assert token_requests(zoho, since) == []


def test_the_code_of_another_flow_opens_nothing(zoho: Zoho, grace: User) -> None:
    """Mallory has a code of Grace's (from a log) and puts it into a flow of her own: the verifier does not fit."""
    stolen = Person(zoho, "grace@acme.example")
    code = stolen.accept(stolen.leave()).partition("code=")[2].partition("&")[0]
    mallory = Person(zoho, "mallory@elsewhere.example")
    state = mallory.leave().partition("state=")[2].partition("&")[0]
    answer = mallory.browser.get(f"/api/sso/login/oauth/callback?code={code}&state={state}")
    assert answer.status_code == 403
    assert mallory.user == ""


def test_a_state_of_one_connector_serves_no_other(zoho: Zoho, grace: User, connector: SSOConnector) -> None:
    """One callback serves all connectors, so the state must tell them apart (USENIX Security '25, COAT and CORF)."""
    other = SSOConnector.objects.create(name="Other", reference="other", method=connector.method)
    person = Person(zoho, "grace@acme.example")
    back = person.accept(person.leave("/api/sso/login/other"))
    crafted = back.replace(f"state={other.pk}.", f"state={connector.pk}.")
    assert crafted != back
    assert person.arrive(crafted).status_code == 403
    assert person.user == ""


def test_a_return_later_than_ten_minutes_is_refused(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    back = person.accept(person.leave())
    with time_machine.travel(time.time() + 601):
        assert person.arrive(back).status_code == 403
    assert "ten minutes" in reason()


@pytest.mark.parametrize(
    "server",
    [
        "https://evil.example",
        "http://127.0.0.1:1",
        "http://169.254.169.254",
        "https://accounts.zoho.eu.evil.example",
        "https://accounts.zoho.eu@evil.example",
        "file:///etc/passwd",
        "not an address",
    ],
)
def test_the_code_and_the_secret_go_to_no_address_of_an_attackers_choice(zoho: Zoho, grace: User, server: str) -> None:
    """Mallory has Grace come back with an accounts-server of her own, to be sent the client's secret."""
    zoho.stand_in.set_knobs(accounts_server=server)
    since = len(zoho.stand_in.journal())
    person = Person(zoho, "grace@acme.example")
    assert person.sign_in().status_code == 403
    assert token_requests(zoho, since) == []
    assert server not in reason()


def test_a_return_to_a_data_centre_that_did_not_make_the_code_is_refused(zoho: Zoho, grace: User) -> None:
    zoho.stand_in.set_knobs(accounts_server=zoho.stand_in.world.centres["us"].accounts_url)
    assert Person(zoho, "grace@acme.example").sign_in().status_code == 403
    assert not PinnedIdentity.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?code=x",
        "?state=",
        "?code=x&state=1",
        "?code=x&state=999999999999999999.abc",
        "?code=x&state=9999999999999999999999999.abc",
        "?code=x&state=%D9%A1.abc",
        "?code=x&state=1.abc%00",
        "?code=x&state=-1.abc",
        "?error=access_denied",
    ],
)
def test_a_return_that_nobody_left_for_is_refused(connector: SSOConnector, query: str) -> None:
    answer = Client().get(f"/api/sso/login/oauth/callback{query}")
    assert answer.status_code == 403


def test_the_callback_takes_nothing_by_post(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    back = person.accept(person.leave())
    assert person.browser.post(back.removeprefix("http://127.0.0.1:8000")).status_code == 405
    assert person.browser.post("/api/sso/login/zoho").status_code == 405


def test_the_host_header_does_not_choose_where_zoho_sends_people(zoho: Zoho, grace: User) -> None:
    answer = Client().get("/api/sso/login/zoho", HTTP_HOST="localhost")
    assert quote("http://127.0.0.1:8000/api/sso/login/oauth/callback", safe="") in answer["Location"]


def test_a_connector_named_oauth_does_not_shadow_the_callback(zoho: Zoho, grace: User) -> None:
    SSOConnector.objects.update(reference="oauth")
    person = Person(zoho, "grace@acme.example")
    assert person.sign_in("/api/sso/login/oauth")["Location"] == "/"


def test_a_reference_of_every_allowed_character_has_an_address(zoho: Zoho, grace: User) -> None:
    connector = SSOConnector.objects.get()
    connector.reference = "Az09_.+@-"
    connector.full_clean()
    connector.save()
    path = connector.login_url().removeprefix("http://127.0.0.1:8000")
    assert Person(zoho, "grace@acme.example").sign_in(path)["Location"] == "/"


def test_no_secret_reaches_the_browser_or_the_list(zoho: Zoho, grace: User) -> None:
    connector = SSOConnector.objects.get()
    secret = connector.method.app().client_secret
    person = Person(zoho, "mallory@elsewhere.example")
    authorise = person.leave()
    answer = person.arrive(person.accept(authorise))
    assert secret not in authorise + answer.content.decode() + reason()


def test_the_way_works_in_a_browser(zoho: Zoho, grace: User) -> None:
    """The consent page itself over HTTP: what the browser sees of Zoho is led there by our address alone."""
    person = Person(zoho, "grace@acme.example")
    page = requests.get(person.leave(), timeout=5, allow_redirects=False)
    assert page.status_code == 200
    assert "Zoho" in page.text
