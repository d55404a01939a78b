"""The pages of consent, walked as a person's browser would."""

from __future__ import annotations

import mechanicalsoup
import pytest
import requests

from tests.fakezoho.conftest import authorize_query, exchange, parameters


class Person:
    """A browser that stops where the stand-in sends it back to the client."""

    def __init__(self, zoho):
        self.zoho = zoho
        self.browser = mechanicalsoup.StatefulBrowser(raise_on_404=True)
        self.sent_to = ""
        self.browser.session.hooks["response"].append(self._stop_at_client)

    def _stop_at_client(self, response, *_args, **_kwargs):
        if response.headers.get("Location", "").startswith("http://127.0.0.1:8000/"):
            self.sent_to = response.headers.pop("Location")

    def visits(self, client, dc="eu", **changes):
        self.browser.open(f"{self.zoho.url}/{dc}/accounts/oauth/v2/auth?{authorize_query(client, **changes)}")
        return self

    def chooses(self, name):
        form = self.browser.select_form("form")
        button = next(b for b in self.browser.page.select("button[name=person]") if name in b.text)
        form.choose_submit(button)
        self.browser.submit_selected()
        return self

    def answers(self, decision="accept", portal=""):
        form = self.browser.select_form("form[action$='/consent']")
        if portal:
            form.set_radio({"portal": portal})
        button = next(b for b in self.browser.page.select("button[name=decision]") if b["value"] == decision)
        form.choose_submit(button)
        self.browser.submit_selected()
        return parameters(self.sent_to)

    @property
    def text(self):
        return " ".join(self.browser.page.text.split())


@pytest.fixture
def person(zoho):
    return Person(zoho)


def test_a_person_signs_in_picks_a_portal_and_accepts(zoho, client, person):
    person.visits(client).chooses("Ada Lovelace")
    sandbox = zoho.world.portal("eu", "acmesandbox").id
    back = person.answers(portal=sandbox)
    assert back["state"] == "opaque"
    assert (back["location"], back["accounts-server"]) == ("eu", f"{zoho.url}/eu/accounts")
    token = exchange(zoho, client, back["code"]).json()["access_token"]
    headers = {"Authorization": f"Zoho-oauthtoken {token}"}
    listed = requests.get(f"{zoho.url}/eu/desk/api/v1/organizations", headers=headers, timeout=5).json()["data"]
    assert [(org["portalName"], org["isSandboxPortal"]) for org in listed] == [("acmesandbox", True)]


def test_rejecting_says_access_denied_and_keeps_the_state(client, person):
    back = person.visits(client).chooses("Ada Lovelace").answers("reject")
    assert back == {"error": "access_denied", "state": "opaque"}


def test_a_second_request_offers_to_continue_as_the_same_person(client, person):
    person.visits(client).chooses("Grace Hopper").answers()
    person.visits(client)
    assert "Continue as Grace Hopper" in person.text


def test_one_may_use_another_account(client, person):
    person.visits(client).chooses("Grace Hopper")
    person.browser.select_form("form[action$='/signout']")
    person.browser.submit_selected()
    assert "Who are you?" in person.text


def test_each_data_centre_remembers_its_own_person(client, person):
    person.visits(client).chooses("Grace Hopper")
    person.visits(client, dc="us")
    assert "Who are you?" in person.text


def test_somebody_of_another_data_centre_is_sent_home(zoho, client, person):
    back = person.visits(client, dc="us").chooses("Ada Lovelace").answers()
    assert (back["location"], back["accounts-server"]) == ("eu", f"{zoho.url}/eu/accounts")
    assert exchange(zoho, client, back["code"], dc="us").json() == {"error": "invalid_code"}


def test_a_sign_in_asks_for_no_portal(client, person):
    person.visits(client, scope="aaaserver.profile.READ", access_type="", prompt="").chooses("Ada Lovelace")
    assert "portal" not in person.text.lower()
    assert "code" in person.answers()


def test_somebody_without_a_portal_is_told_so(client, person):
    person.visits(client).chooses("Mallory Elsewhere")
    assert "no agent of any Zoho Desk portal" in person.text


def test_a_disabled_agent_has_no_portal(client, person):
    person.visits(client).chooses("Dennis Ritchie")
    assert "no agent of any Zoho Desk portal" in person.text


def test_scopes_are_said_in_words(client, person):
    person.visits(client, scope="Desk.calls.CREATE,aaaserver.profile.READ").chooses("Ada Lovelace")
    assert "Create calls in Zoho Desk" in person.text
    assert "See your name and profile" in person.text


def test_a_form_cannot_name_a_portal_that_is_not_the_persons(zoho, client, person):
    person.visits(client).chooses("Ada Lovelace")
    form = {"query": authorize_query(client), "decision": "accept", "portal": "60054321001"}
    answer = person.browser.session.post(
        f"{zoho.url}/eu/accounts/oauth/v2/consent", data=form, allow_redirects=False, timeout=5
    )
    assert answer.status_code == 303
    codes = zoho.world.centres["eu"].codes.values()
    assert {code.org_id for code in codes} <= {"20098765431", "20098765432"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1000.NOBODY"}, "invalid_client"),
        ({"redirect_uri": "http://127.0.0.1:8000/callback/"}, "invalid_redirect_uri"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_redirect_uri"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "Desk.calls.READ,Desk.nonsense.READ"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_shown_and_never_sent_back(zoho, client, changes, error):
    url = f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(client, **changes)}"
    page = requests.get(url, timeout=5, allow_redirects=False)
    assert page.status_code == 400
    assert error in page.text


def test_scopes_may_be_spaced_unless_the_knob_forbids_it(zoho, client):
    url = f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(client, scope='Desk.calls.READ Desk.basic.READ')}"
    assert requests.get(url, timeout=5).status_code == 200
    zoho.set_knobs(space_scopes=False)
    assert requests.get(url, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("knob", "scope"), [("undeclared_scopes", "Desk.agents.READ"), ("contacts_all", "Desk.contacts.ALL")]
)
def test_doubtful_scopes_exist_or_not(zoho, client, knob, scope):
    url = f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(client, scope=scope)}"
    assert requests.get(url, timeout=5).status_code == 200
    zoho.set_knobs(**{knob: False})
    assert requests.get(url, timeout=5).status_code == 400


def test_the_callback_has_zohos_odd_forms(zoho, client):
    zoho.set_knobs(multi_dc=False, trailing_ampersand=True)
    back = zoho.approve(authorize_query(client), "ada@acme.example")
    assert back.endswith("&")
    assert set(parameters(back)) == {"code", "state"}
    zoho.set_knobs(multi_dc=True, accounts_server="https://accounts.zoho.evil.example")
    back = zoho.approve(authorize_query(client), "ada@acme.example")
    assert parameters(back)["accounts-server"] == "https://accounts.zoho.evil.example"


def test_a_person_may_approve_everything_without_a_page(zoho, client):
    zoho.set_knobs(auto_approve="hank@globex.example")
    url = f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(client)}"
    answer = requests.get(url, timeout=5, allow_redirects=False)
    assert answer.status_code == 302
    assert parameters(answer.headers["Location"])["location"] == "us"


def test_names_with_markup_are_shown_as_text(zoho, person):
    evil = zoho.register("http://127.0.0.1:8000/callback", name="<script>alert(1)</script>")
    page = requests.get(f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(evil)}", timeout=5)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_the_console_registers_a_client_that_works(zoho, person):
    person.browser.open(f"{zoho.url}/eu/accounts/developerconsole")
    form = person.browser.select_form("form.register")
    form.set("name", "Deskline")
    form.set("homepage", "http://127.0.0.1:8000")
    form.set("redirect_uris", "http://127.0.0.1:8000/callback\nhttp://127.0.0.1:8000/other")
    person.browser.submit_selected()
    assert "just registered" in person.text
    shown = person.browser.page.select("article.new code")
    client = zoho.world.clients[shown[0].text]
    assert shown[1].text == client.secret
    assert client.redirect_uris == ["http://127.0.0.1:8000/callback", "http://127.0.0.1:8000/other"]
    assert "code" in person.visits(client).chooses("Ada Lovelace").answers()


def test_the_console_keeps_what_was_typed_beside_its_complaint(zoho):
    url = f"{zoho.url}/eu/accounts/developerconsole"
    page = requests.post(url, data={"name": "Mine", "redirect_uris": "ftp://x"}, timeout=5)
    assert page.status_code == 422
    assert "ftp://x is not a web address" in page.text
    assert 'value="Mine"' in page.text


def test_deleting_a_client_ends_its_grants(zoho, client):
    zoho.approve(authorize_query(client), "ada@acme.example")
    requests.post(f"{zoho.url}/eu/accounts/developerconsole", data={"delete": client.id}, timeout=5)
    page = requests.get(f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(client)}", timeout=5)
    assert "invalid_client" in page.text
