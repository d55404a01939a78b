"""Zoho leads each person to the data centre of his own: what is asked where, by the journal of the local Zoho."""

from __future__ import annotations

import pytest

from authmethods import creation, tokens
from authmethods.models import AuthenticationMethod
from tests.authmethods.conftest import RETURN
from tests.zoho import departments

pytestmark = pytest.mark.django_db
TOKEN, REVOKE = "/oauth/v2/token", "/oauth/v2/token/revoke"


@pytest.fixture
def open_method(zoho):
    """A method without an environment URL, of a customer in Europe."""
    return zoho.disabled_method(url="")


def centres_asked(zoho, path):
    return [entry["dc"] for entry in zoho.asked(path)]


def test_without_an_address_the_consent_begins_at_com_and_all_else_happens_where_zoho_says(zoho, admin, open_method):
    address = admin.begin(open_method)
    assert address.startswith(f"{zoho.stand_in.url}/us/accounts/oauth/v2/auth?")
    assert "is enabled" in admin.come_back(zoho.accept(address))
    method = AuthenticationMethod.objects.get()
    assert method.location == "eu"
    link = tokens.connect(method)
    link.renew(link.token())
    assert departments(method, link)
    assert centres_asked(zoho, TOKEN) == ["eu", "eu"]
    assert centres_asked(zoho, "/api/v1/departments") == ["eu"]


def test_a_reconnection_revokes_where_the_old_consent_lives(
    zoho, admin, open_method, django_capture_on_commit_callbacks
):
    admin.enable(zoho, open_method)
    with django_capture_on_commit_callbacks(execute=True):
        admin.come_back(zoho.accept(admin.begin(open_method, dialog="reconnect")))
    assert centres_asked(zoho, REVOKE) == ["eu"]


@pytest.mark.parametrize("refusal", ["invalid_code", "invalid_client"])
def test_without_multi_dc_a_code_of_elsewhere_is_refused_and_nothing_changes(
    zoho, admin, open_method, statuses, refusal
):
    zoho.stand_in.set_knobs(multi_dc=False, foreign_code=refusal)
    page = admin.enable(zoho, open_method)
    assert f"Nothing was changed; start again. ({refusal}, HTTP 200)" in page
    assert centres_asked(zoho, TOKEN) == ["us"]
    assert statuses() == ["disabled"]


def test_a_secret_of_another_data_centre_is_named_as_the_cause(zoho, admin, open_method, statuses):
    zoho.stand_in.set_knobs(same_credentials=False)
    registered = zoho.client("us")
    AuthenticationMethod.objects.update(client_id=registered.id)
    creation.store_secret(open_method, registered.secret)
    page = admin.enable(zoho, open_method)
    assert "does not accept the client secret for this data centre" in page
    assert statuses() == ["disabled"]


def test_a_stray_ampersand_at_the_end_of_the_return_does_no_harm(zoho, admin, statuses):
    zoho.stand_in.set_knobs(trailing_ampersand=True)
    address = zoho.stand_in.approve(admin.begin(zoho.disabled_method()), "ada@acme.example", "acme")
    assert address.endswith("&")
    admin.browser.get(f"{RETURN}?{address.partition('?')[2]}")
    assert statuses() == ["enabled"]
