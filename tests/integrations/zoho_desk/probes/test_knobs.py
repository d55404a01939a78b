"""Each guess of the stand-in that a probe stands for, turned: the probe tells, and no other one does."""

from __future__ import annotations

import pytest

from fakezoho import knobs as table
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.probes.probe import Verdict
from integrations.zoho_desk.probes.run import ALL, BY_HAND, READING, WRITING
from tests.integrations.zoho_desk.probes.conftest import named

QUICK = 0.6
"""Seconds of patience; settle_seconds is less in these tests."""
FIRST_NUMBERS = {f"first-number-{path}" for path in ("calls", "contacts", "departments", "agents")}

Row = tuple[dict[str, object], set[str]]
"""Knobs, and the probes that then tell of a difference."""

READ: list[Row] = [
    ({"token_error_status": 400}, {"token-refusal", "token-refusal-client", "token-refusal-secret"}),
    ({"token_life": 7200}, {"token-life"}),
    ({"expires_style": "seconds_and_ms"}, {"token-expiry-style"}),
    ({"expires_style": "ms"}, {"token-expiry-style"}),
    ({"soid_service": "Desk"}, {"client-credentials-service"}),
    ({"portal_binding": "all"}, {"organisations-reached"}),
    ({"cost_steps": "high"}, {"list-cost"}),
    ({"missing_org": "BAD_REQUEST"}, {"orgid-missing"}),
    ({"missing_org": "FORBIDDEN"}, {"orgid-missing"}),
    ({"org_in_query": False}, {"orgid-in-query"}),
    ({"scope_refusal": "INVALID_OAUTH"}, {"missing-scope"}),
    ({"list_base": 0}, FIRST_NUMBERS),
    ({"search_from_max": 999}, {"search-furthest-number"}),
    ({"minus_sort": False}, {"newest-first-calls", "newest-first-contacts"}),
    ({"call_filters": "refuse"}, {"call-filters"}),
    ({"phone_search": "raw"}, {"phone-digits"}),
    ({"email_search": "both"}, {"search-second-address"}),
    ({"count_as_text": True}, {"search-count"}),
    ({"booleans_as_text": True}, {"sandbox-flag"}),
    ({"listed_cf": "flat"}, {"listed-custom-field"}),
    ({"listed_cf": "both"}, {"listed-custom-field"}),
    ({"picklists_in_fields": False}, {"picklist-in-fields"}),
    ({"call_statuses": "Answered"}, {"call-statuses"}),
]
WRITTEN: list[Row] = [
    ({"duplicate_email": "refuse"}, {"same-email"}),
    ({"empty_payload_status": 400}, {"empty-payload"}),
    ({"merged_contact": "422"}, {"trashed-contact"}),
    ({"recording_url": False}, {"recording-url"}),
    ({"html_descriptions": True}, {"description-as-text"}),
    ({"minus_sort": False}, {"newest-first-calls", "newest-first-contacts"}),
    ({"mandatory_fields": "cf_reason,cf_recording_url"}, set()),
    ({"mandatory_fields": "cf_reason", "recording_url": False}, {"recording-url"}),
    ({"search_lag": 60.0}, {"fresh-search-calls", "fresh-search-contacts"}),
    ({"list_lag": 60.0}, {"fresh-list-calls", "fresh-list-contacts"}),
    (
        {"search_lag": 60.0, "call_filters": "index"},
        {"fresh-search-calls", "fresh-search-contacts", "fresh-filter-calls"},
    ),
]
WITH_RIGHTS = {"scope_lists": "scope-lists"}
"""Knobs that take another consent: test_families.py turns them."""
NOT_ASKED = {
    "throttle_status": "token-limits",
    "live_tokens": "token-limits",
    "tokens_per_window": "token-limits",
    "token_window": "token-limits",
    "refresh_tokens": "token-limits",
    "codes_per_window": "token-limits",
    "grants_per_window": "token-limits",
    "code_life": "code-life",
    "multi_dc": "callback-parameters",
    "trailing_ampersand": "callback-parameters",
    "foreign_code": "foreign-code",
    "foreign_desk": "foreign-token",
    "same_credentials": "secret-per-data-centre",
    "space_scopes": "scope-names",
    "undeclared_scopes": "scope-names",
    "contacts_all": "scope-names",
    "profile_missing": "profile-names",
    "id_token_key": "id-token-key",
    "subject_search": "subject-search",
    "concurrency": "concurrency",
    "sandbox_portals": "sandbox-addressing",
}
NO_GUESS = {
    "accounts_server": "an attack",
    "contact_tickets": "a list that the product does not read",
    "error_messages": "either is read",
    "auto_approve": "a convenience",
    "auto_portal": "a convenience",
    "edition": "the portal's own",
    "credits": "the portal's own",
    "latency": "a fault",
    "latency_jitter": "a fault",
    "answer_latency": "a fault",
    "hidden_fields": "the agent's own profile",
    "custom_fields": "the portal's own",
    "recording_field": "the portal's own",
}


def test_as_the_stand_in_is_at_its_start_nothing_differs_from_what_is_assumed(check, called):
    findings = check()
    assert named(findings, Verdict.DIFFERENT) == set()
    assert named(findings, Verdict.SAME) == {probe.name for probe in READING}
    assert all(findings[probe.name].answered == "Only --write can tell." for probe in WRITING)


def test_with_write_every_probe_that_can_be_asked_is_answered(check, called):
    findings = check(patience=QUICK)
    assert named(findings, Verdict.DIFFERENT) == set()
    assert named(findings, Verdict.UNCLEAR) == {probe.name for probe in BY_HAND} | {"mandatory-fields"}


def spelled(value: dict[str, object] | set[str]) -> str:
    """The same in every process: a set alone has no order, and two of them would not agree on the names of tests."""
    return str(sorted(value) if isinstance(value, set) else value)


@pytest.mark.parametrize(("turned", "telling"), READ, ids=spelled)
def test_a_reading_probe_tells_when_zoho_is_otherwise(check, called, turned, telling):
    check.zoho.set_knobs(**turned)
    findings = check()
    assert named(findings, Verdict.DIFFERENT) == telling
    assert named(findings, Verdict.SAME) == {probe.name for probe in READING} - telling


@pytest.mark.parametrize(("turned", "telling"), WRITTEN, ids=spelled)
def test_a_writing_probe_tells_when_zoho_is_otherwise(check, called, monkeypatch, turned, telling):
    monkeypatch.setattr(assumed, "settle_seconds", 0.3)
    check.zoho.set_knobs(**turned)
    findings = check(patience=QUICK)
    assert named(findings, Verdict.DIFFERENT) == telling
    assert {probe.name for probe in WRITING} - named(findings, Verdict.SAME) - telling <= {
        "mandatory-fields",
        "fresh-filter-calls",
    }


def test_every_knob_is_a_probe_or_said_to_be_none():
    turned = {name for knobs, _ in READ + WRITTEN for name in knobs}
    assert {knob.name for knob in table.names()} == turned | set(WITH_RIGHTS) | set(NOT_ASKED) | set(NO_GUESS)
    assert set(NOT_ASKED.values()) <= {probe.name for probe in BY_HAND}


def test_every_probe_has_its_own_name_its_section_and_something_to_do():
    assert len({probe.name for probe in ALL}) == len(ALL)
    assert all(probe.section and probe.assumed.endswith(".") and probe.change for probe in ALL)


def test_in_an_empty_portal_what_cannot_be_seen_is_not_judged(check):
    check.zoho.set_knobs(custom_fields=False)
    findings = check()
    assert named(findings, Verdict.DIFFERENT) == set()
    assert {"newest-first-calls", "first-number-calls", "call-filters", "listed-custom-field"} <= named(
        findings, Verdict.UNCLEAR
    )
