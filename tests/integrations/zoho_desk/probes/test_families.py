"""What the probe of scope lists concludes, from what was granted and what was answered."""

from __future__ import annotations

import json

import pytest

from fakezoho.spec import route
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.probes.families import LISTED
from integrations.zoho_desk.probes.probe import Verdict
from integrations.zoho_desk.scopes import OTHER_FAMILIES
from tests.integrations.zoho_desk.probes.conftest import named
from tests.integrations.zoho_desk.probes.test_answers import at, changed, code, refreshing

PROBE = "scope-lists"


@pytest.fixture
def all_needed(check, monkeypatch):
    """Zoho wants all families, and the consent has ours and these."""

    def all_needed(*names):
        check.zoho.set_knobs(scope_lists="all")
        monkeypatch.setattr(assumed, "further_scopes", names)
        return check()

    return all_needed


def test_one_of_several_that_serves_is_as_assumed(check, called):
    assert check()[PROBE].answered == "6 of 6 readings with one of several"


def test_where_all_are_needed_and_granted_it_tells_so_and_nothing_is_to_be_done(all_needed, called):
    findings = all_needed(*OTHER_FAMILIES)
    assert named(findings, Verdict.DIFFERENT) == {PROBE}
    assert findings[PROBE].answered == "Refused though one was granted: /webhooks 403 SCOPE_MISMATCH."
    assert findings[PROBE].change.startswith("Nothing here")
    assert findings["rights-enough"].verdict is Verdict.SAME
    assert findings["first-number-agents"].answered == "403 SCOPE_MISMATCH"


def test_where_all_are_needed_and_some_are_lacking_it_names_them_as_the_setting_wants_them(all_needed, called):
    finding = all_needed("Desk.organization.READ", "Desk.departments.READ")[PROBE]
    assert finding.verdict is Verdict.DIFFERENT
    assert "/fields 403 SCOPE_MISMATCH" in finding.answered
    assert "/departments" not in finding.answered
    told = json.loads(finding.change.rpartition(": ")[2])
    assert told == [name for name in OTHER_FAMILIES if "organization" not in name and "departments" not in name]


def test_a_lacking_family_may_be_told_as_a_bad_token(check, all_needed, called):
    check.zoho.set_knobs(scope_refusal="INVALID_OAUTH")
    finding = all_needed(*OTHER_FAMILIES)[PROBE]
    assert finding.answered == "Refused though one was granted: /webhooks 401 INVALID_OAUTH."


def test_a_refusal_for_another_reason_decides_nothing(check, called, rewriting, monkeypatch):
    monkeypatch.setattr(assumed, "further_scopes", OTHER_FAMILIES)  # so that only /webhooks could tell
    refused = code(403, "LICENSE_ACCESS_LIMITED")
    rewriting.rewrite = lambda asked, answer: refused if at("/webhooks")(asked) else None
    assert check()[PROBE].verdict is Verdict.UNCLEAR


def test_without_a_word_on_what_was_granted_nothing_is_concluded(check, called, rewriting):
    rewriting.rewrite = lambda asked, answer: changed(answer, scope=None) if refreshing(asked) else None
    finding = check()[PROBE]
    assert (finding.verdict, finding.answered) == (Verdict.UNCLEAR, "Zoho does not say what was granted.")


def test_what_is_asked_has_the_families_that_the_files_list():
    for path, _, families in LISTED:
        found = route(f"/api/v1{path}")
        assert found is not None
        assert {frozenset([name.lower()]) for name in families} == set(found[0]["GET"].scopes), path
