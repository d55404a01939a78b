from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.errors import IntegrationError, Misconfigured, NeedsReconnection, NotSent, OutcomeUnknown, Throttled
from integrations.types import App, Environment
from integrations.zoho_desk.integration import ZohoDesk
from integrations.zoho_desk.oauth import life
from tests.integrations.conftest import REDIRECT, left

TOKEN = "/oauth/v2/token"


def ask(customer, code, verifier="v" * 43):
    return customer.vendor.oauth.redeem(
        customer.app, customer.location, code=code, redirect_uri=REDIRECT, code_verifier=verifier
    )


def test_the_consent_address_asks_offline_access_each_time_with_comma_scopes_and_s256(customer):
    address = customer.vendor.oauth.authorise_url(
        "1000.CLIENT", Environment("eu"), redirect_uri=REDIRECT, state="st4te", code_challenge="ch4llenge"
    )
    query = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{customer.zoho.url}/eu/accounts/oauth/v2/auth?")
    assert query["access_type"] == ["offline"]
    assert query["prompt"] == ["consent"]
    assert (query["code_challenge"], query["code_challenge_method"]) == (["ch4llenge"], ["S256"])
    assert query["scope"] == [",".join(scope.name for scope in customer.vendor.oauth.scopes)]
    assert (query["state"], query["redirect_uri"]) == (["st4te"], [REDIRECT])


def test_a_consent_becomes_a_grant(customer):
    grant = customer.grant()
    assert grant.access_token
    assert grant.refresh_token
    assert grant.location == "eu"
    assert {scope.name for scope in customer.vendor.oauth.scopes} <= set(grant.scopes)
    assert timedelta(minutes=55) < grant.expires_at - datetime.now(UTC) <= timedelta(hours=1)


def test_a_consent_without_offline_access_is_not_kept(customer):
    address = customer.vendor.oauth.authorise_url(
        customer.app.client_id, Environment("eu"), redirect_uri=REDIRECT, state="s", code_challenge=""
    )
    online = address.replace("access_type=offline", "access_type=online").partition("&code_challenge")[0]
    back = parse_qs(urlsplit(customer.zoho.approve(online, customer.email, customer.portal)).query)
    with pytest.raises(NeedsReconnection, match="no refresh token"):
        ask(customer, back["code"][0], verifier="")


def test_the_callback_names_a_data_centre_of_the_table(customer):
    back = customer.code("v" * 43)
    assert customer.vendor.oauth.location_of(Environment("us"), back["accounts-server"]) == "eu"


def test_without_multi_dc_the_data_centre_is_the_one_asked(customer):
    customer.zoho.set_knobs(multi_dc=False)
    assert "accounts-server" not in customer.code("v" * 43)
    assert customer.vendor.oauth.location_of(Environment("us"), "") == "us"


def test_a_crafted_accounts_server_receives_nothing(customer):
    customer.zoho.set_knobs(accounts_server="https://accounts.zoho.eu.evil.example")
    back = customer.code("v" * 43)
    with pytest.raises(Misconfigured):
        customer.vendor.oauth.location_of(Environment("eu"), back["accounts-server"])


def test_a_code_serves_once(customer):
    back = customer.code("v" * 43)
    ask(customer, back["code"])
    with pytest.raises(NeedsReconnection) as caught:
        ask(customer, back["code"])
    assert caught.value.code == "invalid_code"


@pytest.mark.parametrize("status", [200, 400])
def test_a_refused_code_is_a_refusal_whatever_the_status(customer, status):
    customer.zoho.set_knobs(token_error_status=status)
    with pytest.raises(NeedsReconnection) as caught:
        ask(customer, "1000.deadbeef.deadbeef")
    assert (caught.value.code, caught.value.status) == ("invalid_code", status)


def test_a_code_comes_too_late_after_its_minute(customer):
    back = customer.code("v" * 43)
    customer.zoho.advance(61)
    with pytest.raises(NeedsReconnection):
        ask(customer, back["code"])


def test_a_stolen_code_is_worthless_without_the_verifier(customer):
    back = customer.code("v" * 43)
    with pytest.raises(NeedsReconnection):
        ask(customer, back["code"], verifier="w" * 43)


@pytest.mark.parametrize("name", ["client_id", "client_secret"])
def test_wrong_credentials_say_what_to_check(customer, name):
    wrong = {"client_id": customer.app.client_id, "client_secret": customer.app.client_secret, name: "1000.WRONG"}
    refresh_token = customer.grant().refresh_token
    with pytest.raises(NeedsReconnection, match=r"client ID|client secret"):
        customer.vendor.oauth.refresh(App(**wrong), "eu", refresh_token)


def test_a_code_of_another_data_centre_is_refused(customer):
    back = customer.code("v" * 43)
    with pytest.raises(NeedsReconnection):
        customer.vendor.oauth.redeem(
            customer.app, "us", code=back["code"], redirect_uri=REDIRECT, code_verifier="v" * 43
        )


@pytest.mark.parametrize("style", ["seconds", "seconds_and_ms", "ms"])
def test_every_style_of_expiry_means_an_hour(customer, style):
    customer.zoho.set_knobs(expires_style=style)
    left = customer.grant().expires_at - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ({"expires_in": 3600}, 3600),
        ({"expires_in": "3600"}, 3600),
        ({"expires_in_sec": 3600, "expires_in": 3600000}, 3600),
        ({"expires_in": 3600000}, 3600),
        ({}, 3600),
        ({"expires_in": None}, 3600),
        ({"expires_in": "soon"}, 3600),
        ({"expires_in": float("inf")}, 3600),
        ({"expires_in": -5}, 60),
        ({"expires_in_sec": 10**9}, 86400),
        ({"expires_in_sec": 90_000}, 86400),
        ({"expires_in": 86_400}, 86400),
        ({"expires_in": 90_000_000}, 86400),
        ({"expires_in": "1800.9"}, 1800),
    ],
)
def test_the_life_of_a_token_is_read_and_clamped(answer, seconds):
    assert life(answer) == seconds


def test_a_refresh_gives_a_new_access_token_and_keeps_the_refresh_token(customer):
    grant = customer.grant()
    newer = customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token)
    assert newer.access_token != grant.access_token
    assert newer.refresh_token == grant.refresh_token


def test_a_revoked_consent_needs_reconnection(customer):
    grant = customer.grant()
    customer.vendor.oauth.revoke(customer.app, "eu", grant.refresh_token)
    with pytest.raises(NeedsReconnection):
        customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token)


def test_a_revocation_that_zoho_confirms_is_asked_once(customer):
    at = customer.mark()
    customer.vendor.oauth.revoke(customer.app, "eu", customer.grant().refresh_token)
    assert [entry["path"] for entry in customer.zoho.journal(at)][1:] == ["/oauth/v2/token/revoke"]


def test_revoking_twice_is_no_error(customer):
    grant = customer.grant()
    customer.vendor.oauth.revoke(customer.app, "eu", grant.refresh_token)
    customer.vendor.oauth.revoke(customer.app, "eu", grant.refresh_token)


@pytest.mark.parametrize("status", [200, 400])
def test_the_throttle_of_the_token_endpoint_means_ten_minutes(customer, status):
    grant = customer.grant()
    customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token)
    customer.zoho.set_knobs(throttle_status=status, tokens_per_window=1)
    with pytest.raises(Throttled) as caught:
        customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token)
    assert timedelta(minutes=9) < left(caught.value) <= timedelta(minutes=10)


@pytest.mark.parametrize(
    "fault", ["drop_before", "500", "502_html", "503", "lost_answer", "truncated_json", "empty_200", "500_after"]
)
def test_trouble_on_the_way_never_looks_like_a_lost_consent(customer, fault):
    grant = customer.grant()
    customer.zoho.fault(fault, "POST", TOKEN)
    with pytest.raises(NotSent, match="The connection itself is not affected; it is tried again by itself") as caught:
        customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token)
    assert not isinstance(caught.value, Throttled)
    assert customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token).access_token


@pytest.mark.parametrize("fault", ["lost_answer", "502_html", "truncated_json"])
def test_an_exchange_without_answer_is_unknown_since_the_code_may_be_used_up(customer, fault):
    back = customer.code("v" * 43)
    customer.zoho.fault(fault, "POST", TOKEN)
    with pytest.raises(OutcomeUnknown, match="Nothing was changed here"):
        ask(customer, back["code"])


def test_no_secret_ends_up_in_an_address_or_an_error(customer, caplog):
    caplog.set_level(logging.DEBUG)
    grant = customer.grant()
    customer.vendor.oauth.revoke(customer.app, "eu", grant.refresh_token)
    texts = [caplog.text, *(f"{entry['path']}?{entry['query']}" for entry in customer.zoho.journal())]
    try:
        customer.vendor.oauth.refresh(customer.app, "eu", grant.refresh_token)
    except IntegrationError as error:
        texts += [repr(error), error.message]
    texts += [repr(grant), repr(customer.app)]
    for secret in (customer.app.client_secret, grant.access_token, grant.refresh_token):
        assert not any(secret in text for text in texts)


def test_another_api_domain_is_only_logged(customer, caplog):
    assert customer.grant().access_token
    assert "api_domain" not in caplog.text
    row = customer.centres.get("eu")
    customer.centres.rows["eu"] = type(row)(row.location, row.accounts, row.desk, "https://www.zohoapis.eu")
    assert customer.grant().access_token
    assert "api_domain" in caplog.text


@pytest.mark.parametrize(
    "profile",
    [
        {"ZUID": 20071000001, "Email": "ada@acme.example", "Display_Name": "Ada Lovelace"},
        {"ZUID": "20071000001", "Email": " ada@acme.example ", "First_Name": "Ada", "Last_Name": "Lovelace"},
        {"sub": "20071000001", "email": "ada@acme.example", "name": "Ada Lovelace"},
    ],
)
def test_a_profile_tells_who_signed_in(profile):
    who = ZohoDesk().sign_in.identity("eu", profile)
    assert (who.location, who.subject, who.email, who.name) == ("eu", "20071000001", "ada@acme.example", "Ada Lovelace")


@pytest.mark.parametrize("profile", [{}, {"ZUID": 1}, {"Email": "a@b.c"}, {"ZUID": None, "Email": ""}])
def test_a_profile_without_subject_or_email_lets_nobody_in(profile):
    with pytest.raises(Misconfigured):
        ZohoDesk().sign_in.identity("eu", profile)


def test_sign_in_happens_in_the_data_centre_of_the_table(customer):
    addresses = customer.vendor.sign_in.addresses("us")
    base = f"{customer.zoho.url}/us/accounts/oauth"
    assert (addresses.authorise, addresses.profile) == (f"{base}/v2/auth", f"{base}/user/info")
    with pytest.raises(Misconfigured):
        customer.vendor.sign_in.addresses("mars")
