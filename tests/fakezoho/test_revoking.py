from __future__ import annotations

import pytest
import requests

from tests.fakezoho.conftest import granted, refresh


@pytest.mark.parametrize("path", ["token/revoke", "revoke/token"])
def test_revoking_a_refresh_token_ends_its_access_tokens(zoho, client, path):
    answer = granted(zoho, client)
    url = f"{zoho.url}/eu/accounts/oauth/v2/{path}"
    form = {"token": answer["refresh_token"], "token_type": "refresh_token"}
    own = (client.id, client.secret) if path == "revoke/token" else None
    assert requests.post(url, data=form, auth=own, timeout=5).json() == {"status": "success"}
    assert refresh(zoho, client, answer["refresh_token"]).json() == {"error": "invalid_code"}
    headers = {"Authorization": f"Zoho-oauthtoken {answer['access_token']}"}
    assert requests.get(f"{zoho.url}/eu/desk/api/v1/organizations", headers=headers, timeout=5).status_code == 401


@pytest.mark.parametrize(
    ("own", "error"),
    [(None, "invalid_client"), (("x", "y"), "invalid_client"), (("own", "y"), "invalid_client_secret")],
)
def test_the_accounts_pages_form_of_revoking_asks_for_the_client(zoho, client, own, error):
    answer = granted(zoho, client)
    url = f"{zoho.url}/eu/accounts/oauth/v2/revoke/token"
    auth = own and (client.id if own[0] == "own" else own[0], own[1])
    refused = requests.post(url, data={"token": answer["refresh_token"]}, auth=auth, timeout=5)
    assert (refused.json(), zoho.journal()[-1]["note"]) == ({"error": error}, error)
    assert "access_token" in refresh(zoho, client, answer["refresh_token"]).json()


def test_nobody_revokes_the_token_of_another_client_by_that_form(zoho, client):
    answer, other = granted(zoho, client), zoho.register("http://other.example/")
    url = f"{zoho.url}/eu/accounts/oauth/v2/revoke/token"
    form = {"token": answer["refresh_token"]}
    assert requests.post(url, data=form, auth=(other.id, other.secret), timeout=5).json() == {"error": "invalid_code"}
    assert "access_token" in refresh(zoho, client, answer["refresh_token"]).json()


def test_a_token_that_is_not_known_cannot_be_revoked_or_used(zoho, client):
    url = f"{zoho.url}/eu/accounts/oauth"
    assert requests.post(f"{url}/v2/token/revoke", data={"token": "1000.x.y"}, timeout=5).json() == {
        "error": "invalid_code"
    }
    assert requests.get(f"{url}/user/info", timeout=5).status_code == 401
    assert requests.get(f"{url}/v2/userinfo", headers={"Authorization": "Bearer x"}, timeout=5).status_code == 401


def test_revoking_an_access_token_ends_it_alone(zoho, client):
    answer = granted(zoho, client)
    requests.post(f"{zoho.url}/eu/accounts/oauth/v2/token/revoke", data={"token": answer["access_token"]}, timeout=5)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert requests.get(f"{zoho.url}/eu/desk/api/v1/organizations", headers=headers, timeout=5).status_code == 401
    assert "access_token" in refresh(zoho, client, answer["refresh_token"]).json()
