from __future__ import annotations

import base64
import hashlib
import re

import pytest
import requests

from tests.fakezoho.conftest import CALLBACK, authorize_query, exchange, granted, parameters, refresh


def code_for(zoho, client, email="ada@acme.example", **changes):
    return parameters(zoho.approve(authorize_query(client, **changes), email))["code"]


def test_an_exchange_answers_in_zohos_shape(zoho, client):
    answer = granted(zoho, client, scope="Desk.calls.READ,Desk.search.READ")
    assert re.fullmatch(r"1000\.[0-9a-f]{32}\.[0-9a-f]{32}", answer["access_token"])
    assert answer["scope"] == "Desk.calls.READ Desk.search.READ"
    assert answer["api_domain"].endswith("/eu/zohoapis")
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert answer["refresh_token"]


def test_a_code_serves_once(zoho, client):
    code = code_for(zoho, client)
    assert "access_token" in exchange(zoho, client, code).json()
    assert exchange(zoho, client, code).json() == {"error": "invalid_code"}
    assert [entry["note"] for entry in zoho.journal()][-2:] == ["", "invalid_code"]


def test_a_code_dies_after_its_life(zoho, client):
    code = code_for(zoho, client)
    zoho.advance(61)
    assert exchange(zoho, client, code).json() == {"error": "invalid_code"}


@pytest.mark.parametrize("error", ["invalid_code", "invalid_client"])
def test_a_code_of_europe_is_worth_nothing_in_the_united_states(zoho, client, error):
    zoho.set_knobs(foreign_code=error)
    assert exchange(zoho, client, code_for(zoho, client), dc="us").json() == {"error": error}


def test_another_clients_code_is_refused(zoho, client):
    other = zoho.register(CALLBACK)
    assert exchange(zoho, other, code_for(zoho, client)).json() == {"error": "invalid_code"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1000.NOBODY"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client_secret"),
        ({"redirect_uri": "http://127.0.0.1:8000/other"}, "invalid_redirect_uri"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_each_refusal_has_zohos_name_and_the_knobs_status(zoho, client, changes, error, status):
    zoho.set_knobs(token_error_status=status)
    answer = exchange(zoho, client, code_for(zoho, client), **changes)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_a_missing_grant_type_and_a_get_are_400(zoho):
    url = f"{zoho.url}/eu/accounts/oauth/v2/token"
    assert requests.post(url, timeout=5).status_code == 400
    assert requests.get(url, timeout=5).status_code == 400


def test_credentials_may_come_as_basic_or_in_the_query(zoho, client):
    url = f"{zoho.url}/eu/accounts/oauth/v2/token"
    asked = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code_for(zoho, client)}
    assert "access_token" in requests.post(url, data=asked, auth=(client.id, client.secret), timeout=5).json()
    asked |= {"code": code_for(zoho, client), "client_id": client.id, "client_secret": client.secret}
    assert "access_token" in requests.post(url, params=asked, timeout=5).json()


@pytest.mark.parametrize("method", ["plain", "S256"])
def test_pkce_is_asked_for_when_the_challenge_was_given(zoho, client, method):
    verifier = "a-verifier-of-the-client-that-is-long-enough-to-be-one"
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    challenge = {"code_challenge": digest if method == "S256" else verifier, "code_challenge_method": method}
    assert exchange(zoho, client, code_for(zoho, client, **challenge)).json() == {"error": "invalid_code"}
    wrong = exchange(zoho, client, code_for(zoho, client, **challenge), code_verifier="x")
    assert wrong.json() == {"error": "invalid_code"}
    right = exchange(zoho, client, code_for(zoho, client, **challenge), code_verifier=verifier)
    assert "access_token" in right.json()


def test_online_access_yields_no_refresh_token(zoho, client):
    assert "refresh_token" not in granted(zoho, client, access_type="online")


def test_a_repeated_grant_without_consent_yields_no_second_refresh_token(zoho, client):
    assert "refresh_token" in granted(zoho, client, prompt="")
    assert "refresh_token" not in granted(zoho, client, prompt="")
    assert "refresh_token" in granted(zoho, client)


def test_a_refresh_gives_a_new_access_token_and_no_refresh_token(zoho, client):
    first = granted(zoho, client)
    answer = refresh(zoho, client, first["refresh_token"]).json()
    assert set(answer) == {"access_token", "scope", "api_domain", "token_type", "expires_in"}
    assert answer["access_token"] != first["access_token"]


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("seconds", {"expires_in": 3600}),
        ("seconds_and_ms", {"expires_in_sec": 3600, "expires_in": 3_600_000}),
        ("ms", {"expires_in": 3_600_000}),
    ],
)
def test_the_life_of_a_token_is_told_in_each_of_zohos_ways(zoho, client, style, told):
    zoho.set_knobs(expires_style=style)
    answer = granted(zoho, client)
    assert {name: value for name, value in answer.items() if name.startswith("expires")} == told


@pytest.mark.parametrize("status", [400, 200])
def test_the_eleventh_access_token_in_ten_minutes_is_throttled(zoho, client, status):
    zoho.set_knobs(throttle_status=status)
    token = granted(zoho, client)["refresh_token"]
    assert all("access_token" in refresh(zoho, client, token).json() for _ in range(9))
    blocked = refresh(zoho, client, token)
    assert blocked.status_code == status
    assert blocked.json()["error"] == "Access Denied"
    assert "too many requests continuously" in blocked.json()["error_description"]
    zoho.advance(601)
    assert "access_token" in refresh(zoho, client, token).json()


def test_the_oldest_live_access_token_dies_early(zoho, client, desk_of):
    zoho.set_knobs(live_tokens=2)
    first = granted(zoho, client)
    url = f"{zoho.url}/eu/desk/api/v1/organizations"

    def status(token):
        return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=5).status_code

    second = refresh(zoho, client, first["refresh_token"]).json()["access_token"]
    assert status(first["access_token"]) == 200
    third = refresh(zoho, client, first["refresh_token"]).json()["access_token"]
    assert [status(token) for token in (first["access_token"], second, third)] == [401, 200, 200]


def test_the_21st_refresh_token_ends_the_oldest_with_its_access_tokens(zoho, client):
    first = granted(zoho, client)
    others = [granted(zoho, client)["refresh_token"] for _ in range(19)]
    assert "access_token" in refresh(zoho, client, first["refresh_token"]).json()
    granted(zoho, client)
    assert refresh(zoho, client, first["refresh_token"]).json() == {"error": "invalid_code"}
    assert "access_token" in refresh(zoho, client, others[0]).json()
    profile = requests.get(
        f"{zoho.url}/eu/accounts/oauth/user/info",
        headers={"Authorization": f"Bearer {first['access_token']}"},
        timeout=5,
    )
    assert profile.status_code == 401


def test_eviction_counts_each_person_alone(zoho, client):
    zoho.set_knobs(refresh_tokens=1)
    ada = granted(zoho, client)["refresh_token"]
    granted(zoho, client, "grace@acme.example")
    assert "access_token" in refresh(zoho, client, ada).json()


@pytest.mark.parametrize("error", ["invalid_code", "invalid_client"])
def test_without_multi_dc_a_client_is_known_at_home_only(zoho, client, error):
    token = granted(zoho, client)["refresh_token"]
    zoho.set_knobs(multi_dc=False, foreign_code=error)
    assert refresh(zoho, client, token, dc="us").json() == {"error": error}
    assert "access_token" in refresh(zoho, client, token).json()
    for dc, status in {"eu": 200, "us": 400}.items():
        page = requests.get(f"{zoho.url}/{dc}/accounts/oauth/v2/auth?{authorize_query(client)}", timeout=5)
        assert page.status_code == status
        assert ("No client with this client ID" in page.text) is (status == 400)


def test_each_data_centre_may_have_its_own_secret(zoho, client):
    zoho.set_knobs(same_credentials=False)
    answer = granted(zoho, client, "hank@globex.example", dc="us")
    assert answer == {"error": "invalid_client_secret"}
    assert "access_token" in granted(zoho, client)


def test_codes_and_refresh_tokens_may_be_limited_by_the_window(zoho, client):
    zoho.set_knobs(codes_per_window=2, grants_per_window=1)
    assert "refresh_token" in granted(zoho, client)
    assert exchange(zoho, client, code_for(zoho, client)).json()["error"] == "Access Denied"
    page = requests.get(f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(client)}", timeout=5)
    assert page.status_code == 200
    zoho.set_knobs(auto_approve="ada@acme.example")
    page = requests.get(
        f"{zoho.url}/eu/accounts/oauth/v2/auth?{authorize_query(client)}", timeout=5, allow_redirects=False
    )
    assert page.status_code == 400


def test_client_credentials_ask_for_the_organization(zoho, client):
    url = f"{zoho.url}/eu/accounts/oauth/v2/token"
    asked = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
    asked["scope"] = "Desk.basic.READ"
    assert requests.post(url, data=asked, timeout=5).json() == {"error": "missing_org_info"}
    answer = requests.post(url, data=asked | {"soid": "ZohoDesk.20098765431"}, timeout=5).json()
    assert "access_token" in answer
    assert "refresh_token" not in answer


def test_the_profile_is_the_legacy_one_and_may_lack_names(zoho, client):
    token = granted(zoho, client)["access_token"]

    def profile():
        headers = {"Authorization": f"Zoho-oauthtoken {token}"}
        return requests.get(f"{zoho.url}/eu/accounts/oauth/user/info", headers=headers, timeout=5).json()

    assert profile() == {
        "First_Name": "Ada",
        "Last_Name": "Lovelace",
        "Email": "ada@acme.example",
        "Display_Name": "Ada Lovelace",
        "ZUID": 20071000001,
    }
    zoho.set_knobs(profile_missing="First_Name,Display_Name")
    assert set(profile()) == {"Last_Name", "Email", "ZUID"}


def test_the_profile_needs_its_scope(zoho, client):
    token = granted(zoho, client, scope="Desk.basic.READ")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{zoho.url}/eu/accounts/oauth/user/info", headers=headers, timeout=5).status_code == 401


def test_secrets_are_nowhere_in_the_journal(zoho, client):
    answer = granted(zoho, client)
    refresh(zoho, client, answer["refresh_token"])
    url = f"{zoho.url}/eu/accounts/oauth/v2/token/revoke"
    requests.post(url, params={"token": answer["refresh_token"]}, timeout=5)
    text = str(zoho.journal())
    assert "refresh_token" in text
    for secret in (answer["access_token"], answer["refresh_token"], client.secret):
        assert secret not in text


def test_server_info_tells_every_data_centre(zoho):
    told = requests.get(f"{zoho.url}/us/accounts/oauth/serverinfo", timeout=5).json()
    assert told["result"] == "success"
    assert told["locations"] == {dc: f"{zoho.url}/{dc}/accounts" for dc in ("eu", "us", "in")}


def test_broken_basic_credentials_are_no_client(zoho):
    headers = {"Authorization": "Basic ###"}
    data = {"grant_type": "refresh_token"}
    url = f"{zoho.url}/eu/accounts/oauth/v2/token"
    assert requests.post(url, data=data, headers=headers, timeout=5).json() == {"error": "invalid_client"}


def test_expired_access_tokens_are_forgotten_in_time(zoho, client):
    zoho.set_knobs(tokens_per_window=0, token_life=1)
    token = granted(zoho, client, access_type="online")
    assert token["expires_in"] == 1
    held = zoho.world.centres["eu"].tokens
    held.update({f"old{n}": next(iter(held.values())) for n in range(600)})
    zoho.advance(2)
    granted(zoho, client, access_type="online")
    assert len(zoho.world.centres["eu"].tokens) == 1
