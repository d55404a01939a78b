"""Differences that no knob of the stand-in shows: its answer is rewritten on the way."""

from __future__ import annotations

import json

import pytest

from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.probes.probe import Verdict
from integrations.zoho_desk.probes.tokens import MADE_UP
from outbound.http import Answer
from tests.integrations.zoho_desk.probes.conftest import named


def said(status, body=None, **headers):
    """An answer with this status and this JSON; only a string is taken as it stands."""
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    return Answer(status, headers, text.encode())


def code(status, name):
    return said(status, {"errorCode": name, "message": "m"})


def changed(answer, **values):
    """The same answer with other values."""
    return Answer(answer.status, answer.headers, json.dumps({**answer.json(), **values}).encode())


def header(asked, name):
    return asked.headers.get(name, "")


def at(path, **params):
    """Whether a request went there, with these parameters."""
    return lambda asked: asked.url.endswith(path) and all(asked.params.get(k) == v for k, v in params.items())


def refreshing(asked):
    return asked.form.get("grant_type") == "refresh_token" and asked.form.get("refresh_token") != MADE_UP


def first_layout(answer):
    return changed(answer, sections=[{"fields": [{"apiName": "status", "allowedValues": [{"value": "Completed"}]}]}])


def without_rates(answer):
    return Answer(answer.status, {}, answer.body)


ROWS = [
    ("agent-zuid", at("/myinfo"), lambda a: changed(a, zuid=None), {"agent-zuid"}),
    ("agent-by-zuid", at("/agents/zuid/20071000001"), lambda a: said(204), {"agent-by-zuid"}),
    ("agent-unknown-zuid", at("/agents/zuid/1"), lambda a: code(404, "URL_NOT_FOUND"), {"agent-unknown-zuid"}),
    ("bearer-header", lambda r: header(r, "Authorization").startswith("Bearer"), lambda a: code(401, "INVALID_OAUTH"),
     {"bearer-header"}),
    ("no-token", lambda r: at("/myinfo")(r) and not header(r, "Authorization"), lambda a: said(401, "<html>"),
     {"no-token"}),
    ("wrong-token", lambda r: MADE_UP in header(r, "Authorization"), lambda a: code(401, "UNAUTHORIZED"),
     {"wrong-token"}),
    ("orgid-not-a-number", lambda r: header(r, "orgId") == "portal", lambda a: code(422, "INVALID_DATA"),
     {"orgid-not-a-number"}),
    ("orgid-of-another", lambda r: header(r, "orgId") == "1", lambda a: code(403, "FORBIDDEN"), {"orgid-of-another"}),
    ("unknown-parameter", lambda r: "zohoCheck" in r.params, lambda a: said(200, {"data": []}), {"unknown-parameter"}),
    ("nothing-found", lambda r: "deskline.invalid" in str(r.params), lambda a: said(200, {"data": []}),
     {"nothing-found"}),
    ("unknown-record", at("/contacts/1"), lambda a: code(422, "INVALID_DATA"), {"unknown-record"}),
    ("credit-headers", at("/myinfo"), without_rates, {"credit-headers"}),
    ("an edition that nobody knows", at("/organizations"),
     lambda a: changed(a, data=[{**a.json()["data"][0], "edition": "PLATINUM"}]), {"edition-name"}),
    ("the newest last", lambda r: r.params.get("sortBy") == "-createdTime" and "/contacts" in r.url,
     lambda a: changed(a, data=a.json()["data"][::-1]), {"newest-first-contacts"}),
    ("furthest-number-calls", at("/calls", **{"from": "4950"}), lambda a: code(422, "UNPROCESSABLE_ENTITY"),
     {"furthest-number-calls"}),
    ("filters that are ignored", lambda r: "filters" in r.params, lambda a: said(200, {"data": [{"id": "1"}]}),
     {"call-filters"}),
    ("custom fields that no list shows", lambda r: "fields" in r.params, lambda a: said(200, {"data": [{"id": "1"}]}),
     {"listed-custom-field"}),
    ("a wildcard that is refused", lambda r: str(r.params.get("phone", "")).startswith("*"),
     lambda a: code(422, "UNPROCESSABLE_ENTITY"), {"phone-wildcard", "phone-digits", "phone-leading-zero"}),
    ("searches that count from 1", lambda r: "/search" in r.url and r.params.get("from") == "1",
     lambda a: said(200, {"data": [{"id": "1"}]}), {"search-first-number"}),
    ("picklists as objects", lambda r: "/layouts/" in r.url, first_layout, {"picklist-in-layout", "call-statuses"}),
    ("subject-length", lambda r: at("/fields")(r),
     lambda a: changed(a, data=[{**f, "maxLength": 255} for f in a.json()["data"]]), {"subject-length"}),
    ("a right that is missing", at("/calls/search"), lambda a: code(403, "SCOPE_MISMATCH"), {"rights-enough"}),
    ("an accounts server that moved", at("/oauth/serverinfo"),
     lambda a: said(200, {"locations": {"eu": "https://accounts.elsewhere.example"}}), {"data-centres"}),
    ("a data centre that we do not know", at("/oauth/serverinfo"),
     lambda a: changed(a, locations={"mars": "https://accounts.zoho.mars"}), {"data-centres"}),
    ("token-refresh-keeps", refreshing, lambda a: changed(a, refresh_token="1000.new.new"), {"token-refresh-keeps"}),
    ("token-scope-separator", refreshing, lambda a: changed(a, scope="a,b"), {"token-scope-separator"}),
    ("token-api-domain", refreshing, lambda a: changed(a, api_domain="https://www.zohoapis.in"), {"token-api-domain"}),
    ("a token answer that tells no life", refreshing, lambda a: changed(a, expires_in=None),
     {"token-life", "token-expiry-style"}),
]  # fmt: skip


@pytest.mark.parametrize(("when", "rewritten", "telling"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_probe_tells_and_no_other(check, called, rewriting, when, rewritten, telling):
    rewriting.rewrite = lambda asked, answer: rewritten(answer) if when(asked) else None
    assert named(check(), Verdict.DIFFERENT) == telling


def test_further_statuses_are_named_as_the_setting_wants_them(check, called, monkeypatch):
    check.zoho.set_knobs(call_statuses="Answered,Voicemail")
    assert '["Answered", "Voicemail"]' in check()["call-statuses"].change
    monkeypatch.setattr(assumed, "further_call_statuses", ("Answered", "Voicemail"))
    assert check()["call-statuses"].verdict is Verdict.SAME


def test_a_client_that_may_not_use_client_credentials_decides_nothing(check, called, rewriting):
    refused = said(200, {"error": "unauthorized_client"})
    rewriting.rewrite = lambda asked, answer: refused if "soid" in asked.form else None
    assert check()["client-credentials-service"].verdict is Verdict.UNCLEAR


def test_a_registry_that_tells_nothing_decides_nothing(check, called, rewriting):
    rewriting.rewrite = lambda asked, answer: said(404, "<html>") if "serverinfo" in asked.url else None
    assert check()["data-centres"].verdict is Verdict.UNCLEAR


def test_a_record_without_values_that_is_refused_otherwise_is_told(check, called, rewriting):
    otherwise = code(400, "BAD_REQUEST")
    rewriting.rewrite = lambda asked, answer: otherwise if b"EMPTY_PAYLOAD" in answer.body else None
    finding = check(patience=0.5)["empty-payload"]
    assert (finding.verdict, finding.answered) == (Verdict.DIFFERENT, "400 BAD_REQUEST")


def test_rights_that_were_enough_decide_nothing(check, called, rewriting):
    rewriting.rewrite = lambda asked, answer: said(204) if "/activities" in asked.url else None
    assert check()["missing-scope"].verdict is Verdict.UNCLEAR


def test_what_zoho_says_beside_its_codes_is_never_repeated(check, called, rewriting):
    errors = [
        {"fieldName": "Ada Lovelace", "errorType": "invalid"},
        {"fieldName": "/email", "errorMessage": "Lovelace"},
    ]
    shouted = said(422, {"errorCode": "Ada Lovelace", "message": "Ada Lovelace", "errors": errors})
    rewriting.rewrite = lambda asked, answer: (
        shouted if "/api/v1/" in asked.url and "organiz" not in asked.url else None
    )
    findings = check(patience=0.3)
    assert findings["bearer-header"].answered == "422 (email)"
    assert not [one for one in findings.values() if "Lovelace" in one.answered + one.change]
