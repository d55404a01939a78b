"""Portals as no page of Zoho's describes them, and trouble between the code and the choice of a portal."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.backends.db import SessionStore

from authmethods import addresses, consent, organisation, status
from authmethods.models import AuthenticationMethod, IssuedGrant, Kind, StoredGrant
from integrations.types import Grant, Organisation
from tests.zoho import returned

pytestmark = pytest.mark.django_db
REVOKE = "/oauth/v2/token/revoke"


@pytest.fixture
def portal(zoho):
    return zoho.stand_in.world.portal("eu", "acme")


@pytest.fixture
def consented(zoho, admin):
    """What the list says after the consent for that method."""

    def play(method):
        return html.unescape(admin.come_back(zoho.accept(admin.begin(method))))

    return play


@pytest.mark.parametrize("name", ["Acme\0Europe", "إينو 株式会社 🏢", ""])
def test_a_portal_of_any_name_is_connected(zoho, consented, portal, name):
    portal.company = name
    assert "is enabled for" in consented(zoho.disabled_method())
    method = AuthenticationMethod.objects.get()
    assert method.status == "enabled"
    assert "\0" not in method.organisation_name


def test_a_portal_says_more_of_itself_than_fits(zoho, ada):
    method = zoho.method(by=ada)
    grant = Grant("1000.a", "1000.r", datetime.now(UTC), "eu")
    long = Organisation("7", "Ä" * 300, "acme", is_sandbox=False, edition="E" * 300)
    method = status.enable(method, grant, long, kind=Kind.PRODUCTION, by=ada)
    method.full_clean()
    assert method.organisation_name == "Ä" * 200


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("503", "(HTTP 503)"),
        ("429_concurrency", "(TOO_MANY_REQUESTS, HTTP 429)"),
        ("drop_before", "no answer came"),
        ("empty_200", "(HTTP 200)"),
    ],
)
def test_a_portal_that_cannot_be_read_now_is_told_to_be_tried_again_by_whoever_consents(zoho, consented, fault, said):
    """Nothing goes on by itself here: the consent was for this once."""
    method = zoho.disabled_method()
    zoho.stand_in.fault(fault, path="/api/v1/organizations")
    page = consented(method)
    assert said in page
    assert "Nothing was enabled; start again in a moment." in page
    assert "tried again by itself" not in page
    assert "goes on by itself" not in page
    assert AuthenticationMethod.objects.get().status == "disabled"
    assert len(zoho.asked(REVOKE)) == 1


def test_a_method_that_is_deleted_while_its_code_is_redeemed_leaves_no_grant_at_zoho(zoho, ada):
    method = zoho.disabled_method()
    session = SessionStore()
    session.create()
    answer = zoho.accept(consent.begin(method, Kind.PRODUCTION, ada, session))
    under_way = consent._take(returned(ada, session.session_key, answer))
    verifier = under_way.verifier.open(under_way.owner)
    client = method.app()
    grant = method.vendor.oauth.redeem(
        client, "eu", code=answer["code"], redirect_uri=addresses.consent_return(), code_verifier=verifier
    )
    AuthenticationMethod.objects.all().delete()
    with pytest.raises(organisation.NoChoice, match="deleted meanwhile"):
        organisation.settle(under_way, client, method.vendor.read_environment(method.environment_url), grant)
    assert zoho.stand_in.world.centres["eu"].grants == {}


@pytest.mark.django_db(transaction=True)
def test_a_consent_that_brings_the_refresh_token_that_we_have_does_not_end_it(zoho, ada, admin):
    """Zoho gives a new one to whoever is asked anew; should it not, the connection must outlive its reconnection."""
    method = zoho.method(by=ada)
    stored = StoredGrant.objects.get()
    again = Grant("1000.a", stored.refresh_token.open(stored.owner), datetime.now(UTC), "eu")
    status.enable(method, again, Organisation("7", "Acme", "acme", is_sandbox=False), kind=Kind.PRODUCTION, by=ada)
    assert zoho.asked(REVOKE) == []
    assert IssuedGrant.objects.count() == 1
    status.disable(method)
    assert len(zoho.asked(REVOKE)) == 1


def test_portals_without_end_are_offered_in_their_beginning_and_this_is_said(zoho, admin):
    rows = [
        {"id": str(number), "companyName": f"Portal {number} {'x' * 200}", "portalName": f"portal{number}"}
        for number in range(1, 2001)
    ]
    zoho.stand_in.fault("answer", "GET", "/api/v1/organizations", count=-1, status=200, body={"data": rows})
    page = html.unescape(admin.come_back(zoho.accept(admin.begin(zoho.disabled_method(url="")))))
    assert page.count('name="organisation"') == 50
    assert "The first 50 are offered" in page
    assert "environment URL" in page
    assert len(page) < 100_000
    named = admin.come_back(zoho.accept(admin.begin(zoho.disabled_method(name="Named"))))
    assert "environment URL names" in html.unescape(named)
    assert len(named) < 100_000
