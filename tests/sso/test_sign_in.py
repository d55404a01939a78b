"""People come in: the whole way through the stand-in over HTTP."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings
from django.test import Client

from authmethods.models import AuthenticationMethod, Status
from fakezoho.seed import people
from integrations.zoho_desk import datacentres
from sso.models import Association, PinnedIdentity, SignInRefusal, SSOConnector
from tests.sso.conftest import Person, rename
from tests.zoho import Zoho
from users.models import User

pytestmark = pytest.mark.django_db


def asked(authorise: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(authorise).query))


def is_kept(key: str | None) -> bool:
    return bool(import_module(settings.SESSION_ENGINE).SessionStore().exists(key))


def test_an_associated_agent_comes_in(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    answer = person.sign_in()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert person.user == str(grace.pk)


def test_the_first_sign_in_pins_the_identity(zoho: Zoho, grace: User) -> None:
    Person(zoho, "grace@acme.example").sign_in()
    pinned = PinnedIdentity.objects.get(user=grace)
    assert (pinned.integration, pinned.location, pinned.subject) == ("zoho_desk", "eu", people.GRACE.zuid)


def test_the_case_of_the_e_mail_does_not_matter(zoho: Zoho, grace: User) -> None:
    rename(zoho, people.GRACE, "Grace@ACME.example")
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert person.user == str(grace.pk)


def test_only_the_case_of_a_to_z_is_ignored(zoho: Zoho, connector: SSOConnector) -> None:
    """Mallory is an agent whose Zoho e-mail has a Kelvin sign; by Unicode it is the lower-case k of another user."""
    victim = User.objects.create_user("kim@acme.example")
    Association.objects.create(user=victim, connector=connector)
    portal = zoho.stand_in.world.portal("eu", "acme")
    assert portal is not None
    agent = portal.modules["agents"].first(lambda a: a["zuid"] == people.GRACE.zuid)
    assert agent is not None
    portal.modules["agents"].put({**agent, "emailId": "\u212aim@acme.example"}, 0)
    rename(zoho, people.GRACE, "\u212aim@acme.example")
    answer = Person(zoho, "\u212aim@acme.example").sign_in()
    assert answer.status_code == 403
    assert not PinnedIdentity.objects.exists()


def test_a_person_of_another_data_centre_comes_in(zoho: Zoho, connector: SSOConnector) -> None:
    portal = zoho.stand_in.world.portal("eu", "acme")
    assert portal is not None
    agent = people.agent("700", people.RAVI, "AgentPublic", "ACTIVE", [])
    portal.modules["agents"].put(agent, 0)
    ravi = User.objects.create_user("ravi@nowhere.example")
    Association.objects.create(user=ravi, connector=connector)
    person = Person(zoho, "ravi@nowhere.example")
    person.sign_in()
    assert person.user == str(ravi.pk)
    assert PinnedIdentity.objects.get(user=ravi).location == "in"
    assert ("in", "/oauth/v2/token") in [(entry["dc"], entry["path"]) for entry in zoho.stand_in.journal()]


def test_a_person_of_a_data_centre_without_desk_comes_in(
    zoho: Zoho, connector: SSOConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The UK has accounts and no documented Desk; the portal of such a person is in another data centre."""
    monkeypatch.setitem(datacentres.table.rows, "in", replace(datacentres.table.rows["in"], desk=""))
    test_a_person_of_another_data_centre_comes_in(zoho, connector)


def test_without_multi_dc_the_code_is_redeemed_where_the_method_is_at_home(zoho: Zoho, grace: User) -> None:
    zoho.stand_in.set_knobs(multi_dc=False)
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert person.user == str(grace.pk)


def test_a_profile_without_names_is_enough(zoho: Zoho, grace: User) -> None:
    zoho.stand_in.set_knobs(profile_missing="First_Name,Last_Name,Display_Name")
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert person.user == str(grace.pk)


def test_a_pinned_identity_comes_in_though_its_e_mail_changed(zoho: Zoho, grace: User) -> None:
    Person(zoho, "grace@acme.example").sign_in()
    rename(zoho, people.GRACE, "grace.hopper@married.example")
    person = Person(zoho, "grace.hopper@married.example")
    person.sign_in()
    assert person.user == str(grace.pk)


def test_a_pinned_identity_comes_in_without_asking_the_portal(zoho: Zoho, grace: User) -> None:
    Person(zoho, "grace@acme.example").sign_in()
    AuthenticationMethod.objects.update(status=Status.NEEDS_RECONNECTION)
    before = len(zoho.stand_in.journal())
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert person.user == str(grace.pk)
    assert not [entry for entry in zoho.stand_in.journal()[before:] if "/agents/" in entry["path"]]


def test_the_request_asks_online_with_a_challenge_and_for_nothing_else(zoho: Zoho, grace: User) -> None:
    query = asked(Person(zoho, "grace@acme.example").leave())
    assert all(query.pop(name) for name in ("state", "code_challenge", "client_id"))
    assert query == {
        "redirect_uri": "http://127.0.0.1:8000/api/sso/login/oauth/callback",
        "scope": "aaaserver.profile.READ",
        "response_type": "code",
        "access_type": "online",
        "code_challenge_method": "S256",
    }


def test_a_crafted_login_link_asks_for_no_more(zoho: Zoho, grace: User) -> None:
    """Mallory sends Grace a link that would ask for offline access, burning the refresh tokens of the connection."""
    crafted = (
        "/api/sso/login/zoho?scope=Desk.settings.ALL,ZohoCRM.modules.ALL&auth_params=access_type%3Doffline%26prompt"
        "%3Dconsent&process=connect&action=reauthenticate&next=//evil.example&accounts-server=https://evil.example"
    )
    authorise = Person(zoho, "grace@acme.example").leave(crafted)
    requests.get(authorise, timeout=5)
    [seen] = [entry for entry in zoho.stand_in.journal() if entry["path"].endswith("/oauth/v2/auth")]
    query = dict(parse_qsl(seen["query"]))
    assert seen["dc"] == "eu"
    assert (query["scope"], query["access_type"]) == ("aaaserver.profile.READ", "online")
    assert not {"prompt", "next", "process"} & set(query)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/maker/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_after_signing_in(zoho: Zoho, grace: User, target: str) -> None:
    person = Person(zoho, "grace@acme.example")
    back = person.accept(person.leave(f"/api/sso/login/zoho?next={target}"))
    assert person.arrive(f"{back}&next={target}")["Location"] == "/"


def test_nothing_of_the_sign_in_is_stored_but_the_identity(zoho: Zoho, grace: User) -> None:
    Person(zoho, "grace@acme.example").sign_in()
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()
    assert not SignInRefusal.objects.exists()


def test_sign_in_makes_no_refresh_token(zoho: Zoho, grace: User) -> None:
    grants = len(zoho.stand_in.world.centres["eu"].grants)
    Person(zoho, "grace@acme.example").sign_in()
    assert len(zoho.stand_in.world.centres["eu"].grants) == grants


def test_the_session_gets_a_new_key(zoho: Zoho, grace: User) -> None:
    """Whoever planted a session key in the browser holds nothing after the sign-in."""
    person = Person(zoho, "grace@acme.example")
    back = person.accept(person.leave())
    before = person.browser.session.session_key
    person.arrive(back)
    assert person.browser.session.session_key != before
    assert is_kept(person.browser.session.session_key)
    assert not is_kept(before)


def test_signing_in_over_another_user_takes_nothing_of_his_session_along(zoho: Zoho, grace: User, sid: User) -> None:
    browser = Client()
    browser.force_login(sid)
    session = browser.session
    session["left behind"] = "yes"
    session.save()
    person = Person(zoho, "grace@acme.example", browser)
    person.sign_in()
    assert person.user == str(grace.pk)
    assert "left behind" not in browser.session


def test_the_first_link_ends_the_other_sessions_of_the_user(zoho: Zoho, grace: User, sid: User) -> None:
    """Somebody who got into Grace's account before Grace did must not stay in it."""
    squatter, other = Client(), Client()
    squatter.force_login(grace)
    other.force_login(sid)
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert person.user == str(grace.pk)
    assert squatter.get("/banner/").status_code == 302
    assert other.get("/banner/").status_code == 200


def test_a_first_link_works_in_a_browser_that_is_signed_in_already(zoho: Zoho, grace: User) -> None:
    browser = Client()
    browser.force_login(grace)
    person = Person(zoho, "grace@acme.example", browser)
    assert person.sign_in()["Location"] == "/"
    assert person.user == str(grace.pk)


def test_later_sign_ins_leave_other_sessions_alone(zoho: Zoho, grace: User) -> None:
    first, second = Person(zoho, "grace@acme.example"), Person(zoho, "grace@acme.example")
    first.sign_in()
    second.sign_in()
    assert first.browser.get("/banner/").status_code == 200


def test_two_sign_ins_begun_in_one_browser_both_arrive(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    one, two = person.accept(person.leave()), person.accept(person.leave())
    assert person.arrive(one)["Location"] == "/"
    assert person.arrive(two)["Location"] == "/"


def test_signing_out_takes_a_post(zoho: Zoho, grace: User) -> None:
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert person.browser.get("/api/sso/sign-out").status_code == 405
    assert person.user == str(grace.pk)
    answer = person.browser.post("/api/sso/sign-out")
    assert answer.status_code == 200
    assert person.user == ""


def test_whoever_signed_out_finds_their_own_sign_in_again(grace: User, ada: User, connector: SSOConnector) -> None:
    for user, way in ((grace, connector.login_url()), (ada, "/")):
        browser = Client()
        browser.force_login(user)
        assert f'<a href="{way}">Sign in again</a>' in browser.post("/api/sso/sign-out").content.decode()
    assert '<a href="/">Sign in again</a>' in Client().post("/api/sso/sign-out").content.decode()


def test_a_page_that_outlives_its_session_leads_back_to_the_way_in(
    zoho: Zoho, grace: User, connector: SSOConnector
) -> None:
    person = Person(zoho, "grace@acme.example")
    person.sign_in()
    assert f'href="{connector.login_url()}" target="_blank"' in person.browser.get("/banner/").content.decode()
    by_password = Client()
    by_password.force_login(User.objects.get(pk=grace.pk))
    assert 'href="/" target="_blank"' in by_password.get("/banner/").content.decode()


def test_signing_out_needs_the_form_of_our_own_pages(grace: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(grace)
    assert browser.post("/api/sso/sign-out").status_code == 403
    assert browser.session["_auth_user_id"] == str(grace.pk)
