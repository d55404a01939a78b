"""Which portal a consent opens: of the chosen environment, of the URL, or picked among several."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from authmethods.fields import seal
from authmethods.models import AuthenticationMethod, PendingGrant, StoredGrant
from integrations import registry
from tests.authmethods.conftest import Administrator

pytestmark = pytest.mark.django_db
REVOKE = "/oauth/v2/token/revoke"


@pytest.fixture
def method(zoho):
    return zoho.disabled_method()


def test_a_sandbox_portal_is_refused_for_production_and_its_grant_revoked(zoho, admin, statuses):
    method = zoho.disabled_method("acmesandbox")
    page = admin.enable(zoho, method, "production", "acmesandbox")
    assert "is a sandbox" in page
    assert statuses() == ["disabled"]
    assert len(zoho.asked(REVOKE)) == 1


def test_a_production_portal_is_refused_for_sandbox(zoho, admin, method, statuses):
    assert "is a production portal" in admin.enable(zoho, method, "sandbox")
    assert statuses() == ["disabled"]
    assert len(zoho.asked(REVOKE)) == 1


def test_a_sandbox_portal_is_enabled_as_sandbox(zoho, admin):
    method = zoho.disabled_method("acmesandbox")
    assert "is enabled" in admin.enable(zoho, method, "sandbox", "acmesandbox")


def test_a_consent_for_another_portal_than_the_url_names_is_refused(zoho, admin, method, statuses):
    page = admin.enable(zoho, method, "production", "acmesandbox")
    assert "environment URL names" in page
    assert statuses() == ["disabled"]


def test_where_the_vendor_lists_no_organisations_the_url_alone_names_the_portal(zoho, admin, method, monkeypatch):
    monkeypatch.setattr(registry.get(registry.DEFAULT), "directory", None)
    assert "is enabled" in admin.enable(zoho, method)
    assert AuthenticationMethod.objects.get().organisation_id == "acme"


class TestSeveralOrganisations:
    """The administrator picks; what waits for him is good for him, his session and ten minutes."""

    @pytest.fixture
    def waiting(self, zoho, admin):
        zoho.stand_in.set_knobs(portal_binding="all")
        second = zoho.stand_in.world.centres["eu"].portals["20098765432"]
        zoho.stand_in.do(lambda: setattr(second, "sandbox", False))
        method = zoho.disabled_method(url=zoho.stand_in.world.centres["eu"].desk_url)
        page = admin.enable(zoho, method)
        assert "Acme Europe" in page
        assert "Which organisation?" in page
        return PendingGrant.objects.get()

    def address(self, waiting):
        return f"/maker/setup/organisation/{waiting.pk}/"

    def test_nothing_is_enabled_before_the_pick(self, waiting, statuses):
        assert statuses() == ["disabled"]
        assert not StoredGrant.objects.exists()

    def test_the_pick_enables_that_organisation(self, admin, waiting):
        admin.browser.post(self.address(waiting), {"organisation": "20098765432"})
        method = AuthenticationMethod.objects.get()
        assert (method.status, method.organisation_id) == ("enabled", "20098765432")
        assert not PendingGrant.objects.exists()

    def test_only_what_was_offered_can_be_picked(self, admin, waiting, statuses):
        response = admin.browser.post(self.address(waiting), {"organisation": "60054321001"})
        assert "was not offered" in response.content.decode()
        assert statuses() == ["disabled"]

    def test_tokens_copied_from_another_row_enable_nothing_and_say_so(self, admin, waiting, statuses):
        PendingGrant.objects.filter(pk=waiting.pk).update(refresh_token=seal("grant:1", "of somebody else"))
        response = admin.browser.post(self.address(waiting), {"organisation": "20098765432"})
        assert "sealed for another row" in response.content.decode()
        assert statuses() == ["disabled"]

    def test_another_session_or_person_finds_nothing(self, admin, omar, waiting, statuses):
        for somebody in (Administrator(admin.user), Administrator(omar)):
            response = somebody.browser.post(self.address(waiting), {"organisation": "20098765432"})
            assert response.status_code == 404
        assert statuses() == ["disabled"]

    def test_opening_the_page_picks_nothing(self, admin, waiting, statuses):
        admin.browser.get(self.address(waiting), {"organisation": "20098765432"})
        assert statuses() == ["disabled"]

    def test_a_pick_without_the_forms_token_is_refused(self, admin, waiting, statuses):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies = admin.browser.cookies
        assert browser.post(self.address(waiting), {"organisation": "20098765432"}).status_code == 403
        assert statuses() == ["disabled"]

    def test_cancelling_revokes_what_waited(self, zoho, admin, waiting, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            admin.browser.post(self.address(waiting), {"cancel": "1"})
        assert not PendingGrant.objects.exists()
        assert len(zoho.asked(REVOKE)) == 1

    def test_what_nobody_picked_in_time_is_dropped_and_revoked(
        self, zoho, admin, waiting, django_capture_on_commit_callbacks
    ):
        PendingGrant.objects.update(started_at=datetime.now(UTC) - timedelta(minutes=11))
        with django_capture_on_commit_callbacks(execute=True):
            response = admin.browser.post(self.address(waiting), {"organisation": "20098765432"})
        assert response.status_code == 404
        assert len(zoho.asked(REVOKE)) == 1

    def test_reconnecting_to_another_organisation_asks_first(self, zoho, admin, waiting):
        admin.browser.post(self.address(waiting), {"organisation": "20098765431"})
        method = AuthenticationMethod.objects.get()
        zoho.stand_in.set_knobs(portal_binding="picked")
        page = admin.come_back(zoho.accept(admin.begin(method, dialog="reconnect"), "acmesandbox"))
        assert "Until now this method was for" in page
        method.refresh_from_db()
        assert method.organisation_id == "20098765431"

    def test_reconnecting_to_the_same_organisation_asks_nothing(self, zoho, admin, waiting):
        admin.browser.post(self.address(waiting), {"organisation": "20098765431"})
        method = AuthenticationMethod.objects.get()
        assert "is enabled" in admin.come_back(zoho.accept(admin.begin(method, dialog="reconnect")))
