"""What an administrator, Zoho or a clock does while a token is being renewed."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from authmethods import status, token_refresh, tokens
from authmethods.models import AuthenticationMethod, Kind, Status, StoredGrant
from integrations.errors import Misconfigured, Throttled
from integrations.types import Organisation
from integrations.zoho_desk import datacentres
from integrations.zoho_desk.oauth import Accounts
from outbound.http import client

TOKEN = "/oauth/v2/token"


@pytest.fixture
def method(zoho, ada, transactional_db):
    return zoho.method(by=ada)


class Interrupted(Accounts):
    """Asks Zoho for a token after something else happened."""

    def __init__(self, meanwhile):
        super().__init__(client, datacentres.table)
        self.meanwhile = meanwhile

    def refresh(self, app, location, refresh_token):
        self.meanwhile()
        return super().refresh(app, location, refresh_token)


def expires_in(minutes):
    StoredGrant.objects.update(
        expires_at=datetime.now(UTC) + timedelta(minutes=minutes), refreshed_at=datetime.now(UTC) - timedelta(hours=1)
    )


@pytest.mark.parametrize("anew", ["reconnected", "disabled and enabled"])
def test_who_asked_with_a_grant_that_was_replaced_meanwhile_gets_the_token_of_the_new_one(zoho, method, ada, anew):
    """The refusal of the old grant, which was revoked, is no verdict about the new one."""

    def replace():
        if anew == "disabled and enabled":
            status.disable(method)
        zoho.connect(method, by=ada)

    token = token_refresh.refresh(StoredGrant.objects.get(), Interrupted(replace))
    assert zoho.asked(TOKEN)[-1]["note"] == "invalid_code"
    assert token == tokens.connect(AuthenticationMethod.objects.get()).token()
    assert AuthenticationMethod.objects.get().status == Status.ENABLED


@pytest.mark.parametrize("away", [status.disable, AuthenticationMethod.delete])
def test_a_method_that_is_stopped_or_deleted_meanwhile_gives_no_token(method, away):
    with pytest.raises(Misconfigured):
        token_refresh.refresh(StoredGrant.objects.get(), Interrupted(lambda: away(method)))


def test_a_refusal_that_waits_for_a_reconnection_stops_nothing(method, ada):
    """On PostgreSQL it would otherwise judge by the generation before the one that is about to be committed."""
    grant = method.vendor.oauth.refresh(method.app(), "eu", _refresh_token())
    old = StoredGrant.objects.get()

    def refused():
        status.mark_needs_reconnection(method, "refused", refused=old)
        connection.close()

    other = threading.Thread(target=refused)
    with transaction.atomic():
        status.enable(method, grant, Organisation("1", "Acme", "acme", False), kind=Kind.PRODUCTION, by=ada)
        other.start()
        time.sleep(0.5)
    other.join()
    assert AuthenticationMethod.objects.get().status == Status.ENABLED


def _refresh_token():
    grant = StoredGrant.objects.get()
    return grant.refresh_token.open(grant.owner)


@pytest.mark.parametrize("by", ["another thread", "another process"])
def test_nobody_waits_for_a_renewal_while_the_old_token_still_serves(method, monkeypatch, by):
    monkeypatch.setattr(token_refresh, "PATIENCE_SECONDS", 60.0)
    before = tokens.connect(method).token()
    expires_in(4)
    got = []

    def want():
        got.append(tokens.token(method.pk))
        connection.close()

    def meanwhile():
        if by == "another process":
            monkeypatch.setattr(token_refresh, "_doors", {})
        other = threading.Thread(target=want, daemon=True)
        other.start()
        other.join(30)

    assert token_refresh.refresh(StoredGrant.objects.get(), Interrupted(meanwhile)) != before
    assert got == [before]


@pytest.mark.parametrize("left_behind", ["requests", "retry_at", "lease_expires_at"])
def test_a_clock_that_ran_ahead_and_was_set_right_stops_no_connection(method, left_behind):
    """What was noted by the wrong clock lies further ahead than anything of ours ever does."""
    expires_in(-1)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    noted = [tomorrow.isoformat()] * Accounts.token_requests.most if left_behind == "requests" else tomorrow
    StoredGrant.objects.update(**{left_behind: noted})
    assert tokens.connect(method).token()


@pytest.mark.parametrize("ahead", [timedelta(seconds=3), timedelta(minutes=9)])
def test_clocks_that_differ_a_little_are_believed(method, ahead):
    expires_in(-1)
    StoredGrant.objects.update(requests=[(datetime.now(UTC) + ahead).isoformat()] * Accounts.token_requests.most)
    with pytest.raises(Throttled):
        tokens.connect(method).token()
