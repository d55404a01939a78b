"""The consent, played against the stand-in, and what an attacker would try with its return."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from authmethods.models import AuthenticationMethod, Consent, StoredGrant
from authmethods.signals import method_enabled
from integrations.errors import IntegrationError
from tests.authmethods.conftest import RETURN, Administrator
from tests.zoho import parameters
from users.models import User

pytestmark = pytest.mark.django_db
REVOKE = "/oauth/v2/token/revoke"


@pytest.fixture
def method(zoho):
    return zoho.disabled_method()


def test_a_consent_enables_the_method_for_the_portal_of_its_url(zoho, admin, method):
    page = admin.enable(zoho, method)
    assert "is enabled for Acme Europe" in page
    method.refresh_from_db()
    assert (method.status, method.kind, method.location) == ("enabled", "production", "eu")
    assert (method.organisation_name, method.edition) == ("Acme Europe", "ENTERPRISE")
    assert "Desk.calls.CREATE" in method.granted_scopes
    assert method.enabled_by == admin.user


def test_the_vendor_is_asked_with_state_and_pkce_for_offline_access(zoho, admin, method):
    asked = parameters(admin.begin(method))
    assert asked["redirect_uri"] == f"http://127.0.0.1:8000{RETURN}"
    assert asked["code_challenge_method"] == "S256"
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert len(asked["state"]) >= 43  # 256 bits in base64
    assert not Consent.objects.filter(state_digest__contains=asked["state"]).exists()


def test_the_room_above_is_told_after_the_commit(zoho, admin, method, django_capture_on_commit_callbacks):
    told = []
    method_enabled.connect(lambda method, **kwargs: told.append(method), weak=False, dispatch_uid="test")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            admin.enable(zoho, method)
    finally:
        method_enabled.disconnect(dispatch_uid="test")
    assert told == [method]


def test_a_replayed_return_changes_nothing(zoho, admin, method):
    answer = zoho.accept(admin.begin(method))
    admin.come_back(answer)
    generation = StoredGrant.objects.get().generation
    assert "or it was used already" in admin.come_back(answer)
    assert StoredGrant.objects.get().generation == generation


def test_a_return_counts_only_in_the_session_that_began_it(zoho, admin, method, statuses):
    answer = zoho.accept(admin.begin(method))
    same_person_elsewhere = Administrator(admin.user)
    assert "belongs to no consent" in same_person_elsewhere.come_back(answer)
    assert statuses() == ["disabled"]
    assert "is enabled" in admin.come_back(answer)  # and the attempt did not burn it


def test_nobody_finishes_the_consent_of_somebody_else(zoho, admin, method, statuses):
    mallory = Administrator(User.objects.create_superuser("mallory@acme.example", "correct horse"))
    answer = zoho.accept(mallory.begin(method))
    assert "belongs to no consent" in admin.come_back(answer)
    assert statuses() == ["disabled"]


def test_a_stranger_is_told_to_sign_in_and_changes_nothing(zoho, admin, method, statuses):
    answer = zoho.accept(admin.begin(method))
    response = Client().get(RETURN, answer)
    assert response.status_code == 403
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert statuses() == ["disabled"]


def test_the_state_of_one_method_enables_no_other(zoho, admin, method):
    other = zoho.disabled_method(name="Other")
    state = parameters(admin.begin(method))["state"]
    code = zoho.accept(admin.begin(other))
    page = admin.come_back({**code, "state": state})  # the code was for the other client, and for its verifier
    assert "is enabled" not in page
    assert not AuthenticationMethod.objects.filter(status="enabled").exists()


@pytest.mark.parametrize("answer", [{}, {"state": ""}, {"state": "made-up", "code": "1000.a.b"}, {"code": "1000.a.b"}])
def test_a_return_without_a_state_of_ours_changes_nothing(zoho, admin, method, statuses, answer):
    admin.begin(method)
    assert "belongs to no consent" in admin.come_back(answer)
    assert statuses() == ["disabled"]
    assert zoho.asked("/oauth/v2/token") == []


@pytest.mark.parametrize(
    "server",
    ["https://accounts.zoho.evil", "http://127.0.0.1:1/eu/accounts", "https://accounts.zoho.eu.evil.example", "//x"],
)
def test_no_secret_goes_to_an_accounts_server_outside_the_table(zoho, admin, method, statuses, server):
    answer = zoho.accept(admin.begin(method))
    page = admin.come_back({**answer, "accounts-server": server})
    assert "is enabled" not in page
    assert server not in page
    assert statuses() == ["disabled"]
    assert zoho.asked("/oauth/v2/token") == []


def test_an_accounts_server_of_the_table_without_this_code_gives_nothing(zoho, admin, method, statuses):
    answer = zoho.accept(admin.begin(method))
    us = zoho.stand_in.world.centres["us"].accounts_url
    assert "is enabled" not in admin.come_back({**answer, "accounts-server": us})
    assert statuses() == ["disabled"]


def test_after_ten_minutes_the_consent_no_longer_counts(zoho, admin, method, statuses):
    answer = zoho.accept(admin.begin(method))
    Consent.objects.update(started_at=datetime.now(UTC) - timedelta(minutes=10, seconds=1))
    assert "longer than ten minutes" in admin.come_back(answer)
    assert statuses() == ["disabled"]
    assert not Consent.objects.exists()


def test_old_consents_are_swept_when_a_new_one_begins(admin, method):
    admin.begin(method)
    Consent.objects.update(started_at=datetime.now(UTC) - timedelta(minutes=11))
    admin.begin(method)
    assert Consent.objects.count() == 1


def test_a_refusal_at_the_vendor_is_told_plainly(admin, method, statuses):
    state = parameters(admin.begin(method))["state"]
    assert "The consent was refused" in admin.come_back({"error": "access_denied", "state": state})
    assert statuses() == ["disabled"]


def test_what_the_return_says_is_never_shown(admin, method):
    state = parameters(admin.begin(method))["state"]
    page = admin.come_back({"error": "<script>alert(1)</script>call +33 1", "state": state})
    assert "alert(1)" not in page
    assert "+33 1" not in page


def test_a_code_that_came_too_late_is_an_error_with_a_next_step(zoho, admin, method, statuses):
    answer = zoho.accept(admin.begin(method))
    zoho.stand_in.advance(120)
    assert "is enabled" not in admin.come_back(answer)
    assert statuses() == ["disabled"]


def test_a_right_withdrawn_meanwhile_ends_the_consent(zoho, omar, method, statuses):
    administrator = Administrator(omar)
    answer = zoho.accept(administrator.begin(method))
    omar.role.permissions.remove(*omar.role.permissions.filter(codename="change_authenticationmethod"))
    assert "no longer have the right" in administrator.come_back(answer)
    assert statuses() == ["disabled"]


def test_a_viewer_cannot_begin_a_consent(vera, method):
    assert Administrator(vera).begin(method) == ""
    assert not Consent.objects.exists()


def test_the_window_changes_nothing_when_it_is_opened(admin, method):
    address = f"/maker/authmethods/authenticationmethod/{method.pk}/enable/"
    assert admin.browser.get(address, {"kind": "production"}).status_code == 200
    assert not Consent.objects.exists()


def test_the_return_takes_get_alone(admin):
    assert admin.browser.post(RETURN).status_code == 405


def test_missing_rights_are_named_and_the_grant_revoked(zoho, admin, method, statuses):
    address = admin.begin(method).replace("Desk.calls.CREATE%2C", "")
    page = admin.come_back(zoho.accept(address))
    assert "Desk.calls.CREATE" in page
    assert statuses() == ["disabled"]
    assert len(zoho.asked(REVOKE)) == 1


def test_without_a_secret_the_window_says_so_before_anybody_consents(admin):
    method = AuthenticationMethod.objects.create(name="Bare", client_id="1000.X")
    assert admin.begin(method) == ""
    assert not Consent.objects.exists()


def test_reconnecting_revokes_the_grant_that_it_replaces(zoho, admin, method, django_capture_on_commit_callbacks):
    admin.enable(zoho, method)
    old = StoredGrant.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        admin.come_back(zoho.accept(admin.begin(method, dialog="reconnect")))
    new = StoredGrant.objects.get()
    assert new.generation == old.generation + 1
    assert len(zoho.asked(REVOKE)) == 1
    with pytest.raises(IntegrationError):
        method.vendor.oauth.refresh(method.app(), "eu", old.refresh_token.open(old.owner))
    assert method.vendor.oauth.refresh(method.app(), "eu", new.refresh_token.open(new.owner))


def test_a_revocation_that_fails_does_not_undo_the_reconnection(
    zoho, admin, method, django_capture_on_commit_callbacks
):
    admin.enable(zoho, method)
    answer = zoho.accept(admin.begin(method, dialog="reconnect"))
    zoho.stand_in.fault("500", path=REVOKE)
    with django_capture_on_commit_callbacks(execute=True):
        assert "is enabled" in admin.come_back(answer)
