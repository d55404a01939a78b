"""Zoho keeps 20 refresh tokens of one person and client; whoever comes near is told before it ends a connection."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore

from authmethods import consent, issued_grants, organisation, status, tokens
from authmethods.models import AuthenticationMethod, IssuedGrant, Kind, PendingGrant, Status, StoredGrant
from integrations.errors import NeedsReconnection
from tests.zoho import returned

WORDS = "consents of the client"
REVOKE = "/oauth/v2/token/revoke"
HOME, LIST = "/maker/", "/maker/authmethods/authenticationmethod/"


@pytest.fixture
def method(zoho, ada, transactional_db):
    return zoho.method(by=ada)


def crowd(method, number):
    """So many grants of its client live at Zoho, that of the method included."""
    for one in range(number - IssuedGrant.objects.count()):
        issued_grants.note(method, method.location, f"1000.{number}.{one}")


def test_twenty_five_reconnections_leave_one_grant_at_zoho_and_end_nobody_elses(zoho, method, ada):
    other = zoho.method(name="Another client", by=ada)
    for _ in range(25):
        zoho.connect(method, by=ada)
    assert tokens.connect(method).token()
    assert tokens.connect(other).token()
    assert len(zoho.stand_in.world.centres["eu"].grants) == 2
    assert IssuedGrant.objects.filter(client_id=method.client_id).count() == 1
    assert issued_grants.warnings([method]) == []


def test_a_grant_that_could_not_be_revoked_counts_until_zoho_ends_it(zoho, method, ada):
    zoho.stand_in.fault("503", path=REVOKE)
    zoho.connect(method, by=ada)
    assert IssuedGrant.objects.count() == 2
    grant = StoredGrant.objects.get()
    method.vendor.oauth.revoke(method.app(), "eu", grant.refresh_token.open(grant.owner))
    with pytest.raises(NeedsReconnection):
        tokens.connect(method).renew(tokens.connect(method).token())
    assert IssuedGrant.objects.count() == 0  # Zoho ends the oldest first, so the older one is gone too


def test_a_newer_grant_lives_on_when_zoho_ended_an_older_one(zoho, method, ada):
    grant = StoredGrant.objects.get()
    crowd(method, 3)
    issued_grants.refused(grant.refresh_token.open(grant.owner))
    assert IssuedGrant.objects.count() == 2
    issued_grants.refused("never heard of")
    assert IssuedGrant.objects.count() == 2


def test_disabling_a_method_gives_its_place_back(zoho, method):
    status.disable(method)
    assert IssuedGrant.objects.count() == 0


def test_what_was_issued_outlives_the_method_and_holds_no_token(zoho, method):
    grant = StoredGrant.objects.get()
    token = grant.refresh_token.open(grant.owner)
    method.delete()
    (row,) = IssuedGrant.objects.values()
    assert token not in str(row)
    assert row["client_id"] == method.client_id


def test_warnings_begin_at_fifteen_of_twenty_and_name_the_client(method):
    crowd(method, 14)
    assert issued_grants.warnings([method]) == []
    crowd(method, 15)
    (text,) = issued_grants.warnings([method])
    assert "15 consents" in text
    assert method.client_id in text
    assert "keeps 20" in text


def test_the_grants_of_another_data_centre_or_client_do_not_count(zoho, method):
    for one in range(20):
        issued_grants.note(method, "us", f"1000.us.{one}")
    other = zoho.disabled_method(name="Other")
    for one in range(20):
        issued_grants.note(other, "eu", f"1000.other.{one}")
    assert issued_grants.warnings([method]) == []
    assert len(issued_grants.warnings([other])) == 1


def test_the_windows_and_the_first_page_show_the_warning(client, ada, method):
    client.force_login(ada)
    addresses = [
        HOME,
        *(f"/maker/authmethods/authenticationmethod/{method.pk}/{name}/" for name in ("reconnect", "enable")),
    ]
    for address in addresses:
        assert WORDS not in client.get(address).content.decode()
    crowd(method, 15)
    for address in addresses:
        assert WORDS in client.get(address).content.decode()


def test_a_duplicate_of_the_client_is_warned_of_too(client, ada, method):
    crowd(method, 15)
    client.force_login(ada)
    client.post(f"{LIST}{method.pk}/duplicate/")
    copy = AuthenticationMethod.objects.exclude(pk=method.pk).get()
    assert copy.status == Status.DISABLED
    assert issued_grants.warnings([copy])


def test_an_abandoned_choice_of_organisation_gives_its_place_back(zoho, ada, method):
    session = SessionStore()
    session.create()
    wide = zoho.disabled_method(name="Open", url="")
    wide.organisation_id = "1"  # it was connected to another one before
    wide.save()
    answer = zoho.accept(consent.begin(wide, Kind.PRODUCTION, ada, session))
    pending = consent.complete(returned(ada, session.session_key, answer))
    assert isinstance(pending, PendingGrant)
    assert IssuedGrant.objects.filter(client_id=wide.client_id).count() == 1
    organisation.drop(pending)
    assert IssuedGrant.objects.filter(client_id=wide.client_id).count() == 0
