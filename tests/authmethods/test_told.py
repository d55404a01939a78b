"""What an administrator reads when Zoho refuses: the cause, what it means, what to do next, and Zoho's own code."""

from __future__ import annotations

import html

import pytest

from authmethods import connection_test, tokens
from authmethods.models import Status
from integrations.errors import NeedsReconnection
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.scopes import OTHER_FAMILIES

pytestmark = pytest.mark.django_db
TOKEN = "/oauth/v2/token"


@pytest.fixture
def told(zoho, admin):
    """What the list says after a consent whose code met that fault at the token endpoint."""

    def consented(fault, method):
        answer = zoho.accept(admin.begin(method))
        zoho.stand_in.fault(fault, path=TOKEN)
        return html.unescape(admin.come_back(answer))

    return consented


def test_a_refused_code_is_told_with_its_code_and_leaves_the_method_as_it_was(zoho, told, statuses):
    page = told("invalid_code", zoho.disabled_method())
    assert "Nothing was changed; start again. (invalid_code, HTTP 200)" in page
    assert "Nothing is sent until" not in page
    assert statuses() == ["disabled"]


def test_a_throttled_consent_is_told_to_start_again_later_and_promises_nothing(zoho, told, statuses):
    page = told("throttled", zoho.disabled_method())
    assert "for up to 10 minutes" in page
    assert "Nothing was changed; start again after that. (Access Denied, HTTP 400)" in page
    assert "goes on by itself" not in page
    assert statuses() == ["disabled"]


def test_a_lost_connection_keeps_zohos_code_in_its_reason(zoho, ada):
    method = zoho.method(by=ada)
    link = tokens.connect(method)
    zoho.stand_in.fault("invalid_code", path=TOKEN)
    with pytest.raises(NeedsReconnection):
        link.renew(link.token())
    method.refresh_from_db()
    assert method.status == Status.NEEDS_RECONNECTION
    assert "click its status in Authentication methods. (invalid_code, HTTP 200)" in method.status_reason


def test_the_test_of_a_connection_shows_zohos_code_where_it_ends(zoho, ada):
    method = zoho.method(by=ada)
    zoho.stand_in.fault("forbidden", "GET", "/api/v1/organizations")
    failed = next(step for step in connection_test.run(method) if step.ok is False)
    assert failed.name == "Organisation"
    assert failed.message.endswith("(FORBIDDEN, HTTP 403)")


@pytest.mark.parametrize("refusal", ["SCOPE_MISMATCH, HTTP 403", "INVALID_OAUTH, HTTP 401"])
def test_a_complete_consent_that_is_not_enough_for_zoho_names_the_setting_that_helps(
    zoho, admin, statuses, monkeypatch, refusal
):
    zoho.stand_in.set_knobs(scope_lists="all", scope_refusal=refusal.partition(",")[0])
    method = zoho.disabled_method()
    page = html.unescape(admin.enable(zoho, method))
    assert "name them under further_scopes on this server" in page
    assert f"({refusal})" in page
    assert statuses() == ["disabled"]
    monkeypatch.setattr(assumed, "further_scopes", OTHER_FAMILIES)
    admin.enable(zoho, method)
    assert statuses() == ["enabled"]
    method.refresh_from_db()
    assert [step.name for step in connection_test.run(method) if not step.ok] == []


def test_the_test_of_a_connection_names_the_setting_too(zoho, ada):
    method = zoho.method(by=ada)
    zoho.stand_in.set_knobs(scope_lists="all")
    failed = next(step for step in connection_test.run(method) if step.ok is False)
    assert "accept all rights that are asked for. If none was left out" in failed.message
    assert "further_scopes" in failed.message


def test_a_reconnection_that_zoho_has_no_grant_for_now_leaves_the_old_one_in_use(zoho, ada, admin):
    method = zoho.method(by=ada)
    zoho.stand_in.set_knobs(grants_per_window=1)
    page = html.unescape(admin.come_back(zoho.accept(admin.begin(method, dialog="reconnect"))))
    assert "Nothing was changed; start again after that. (Access Denied, HTTP 400)" in page
    link = tokens.connect(method)
    assert link.renew(link.token())
