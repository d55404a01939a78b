"""What --write leaves behind: nothing, or what it names."""

from __future__ import annotations

import pytest

from integrations.errors import NotSent
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.probes import own_records
from integrations.zoho_desk.probes.probe import Verdict
from integrations.zoho_desk.probes.run import READING, WRITING

QUICK = 0.5
WRITES = {"POST", "PATCH", "PUT", "DELETE"}
CALLS, CONTACTS = "/api/v1/calls", "/api/v1/contacts"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(own_records, "WAIT", 0)


def writes(check, since):
    """What was sent to Desk that was not a reading."""
    return [
        entry["path"]
        for entry in check.zoho.journal(since)
        if entry["method"] in WRITES and "/api/v1/" in entry["path"]
    ]


def test_without_write_nothing_is_written(check, called, customer):
    since = customer.mark()
    check()
    assert writes(check, since) == []
    assert check.own("contacts") == check.own("calls") == []


def test_all_that_write_made_is_moved_to_trash(check, customer):
    since = customer.mark()
    check(patience=QUICK)
    assert writes(check, since).count(CONTACTS) == 4  # one of them empty, and refused
    assert writes(check, since).count(CALLS) == 3
    assert check.own("contacts") == check.own("calls") == []
    assert check.account.left == []


def test_what_write_made_says_whose_it_is(check, customer):
    since = customer.mark()
    check(patience=QUICK)
    bodies = [entry["body"] for entry in check.zoho.journal(since) if entry["path"] in (CALLS, CONTACTS)]
    made = [str(body.get("lastName") or body.get("subject")) for body in bodies if body]
    assert len(made) == 6  # the last, whose subject is too long, is refused
    assert all(name.startswith("Deskline zoho_check ") for name in made)


def test_without_the_right_to_trash_one_contact_is_made_and_named_and_no_more(check, customer):
    check.zoho.fault("forbidden", "POST", f"{CONTACTS}/moveToTrash", count=9)
    since = customer.mark()
    findings = check(patience=QUICK)
    left = check.own("contacts")
    assert len(left) == 1
    assert check.account.left == [f"contacts, id {left[0]['id']}"]
    assert writes(check, since).count(CONTACTS) == 1
    assert writes(check, since).count(CALLS) == 0
    assert findings["trash"].verdict is Verdict.DIFFERENT
    assert findings["same-email"].answered == "An earlier step was refused."


@pytest.mark.parametrize("fault", ["lost_answer", "500_after", "empty_200", "truncated_json"])
def test_a_record_whose_answer_was_lost_is_named_and_all_others_are_trashed(check, fault):
    check.zoho.fault("slow", "POST", CALLS, count=1, seconds=0.01)  # the one on the contact in the bin
    check.zoho.fault(fault, "POST", CALLS, count=1)
    check(patience=QUICK)
    assert any("calls, perhaps one named" in one for one in check.account.left)
    assert check.own("contacts") == []


@pytest.mark.parametrize("fault", ["503", "drop_before", "429_concurrency"])
def test_trashing_is_insisted_on(check, customer, fault):
    check.zoho.fault("slow", "POST", f"{CONTACTS}/moveToTrash", count=1, seconds=0.01)  # the one at the beginning
    check.zoho.fault(fault, "POST", f"{CONTACTS}/moveToTrash", count=2)
    check(patience=QUICK)
    assert check.own("contacts") == []
    assert check.account.left == []


def test_an_interruption_leaves_nothing_behind(check, monkeypatch):
    def interrupted(self, *_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("integrations.zoho_desk.probes.trial.sightings", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check(patience=QUICK)
    assert check.own("contacts") == check.own("calls") == []


def test_a_portal_that_demands_a_field_of_its_own_is_told_from_a_difference(check):
    check.zoho.set_knobs(mandatory_fields="cf_reason")
    findings = check(patience=QUICK)
    assert findings["mandatory-fields"].verdict is Verdict.SAME
    assert findings["mandatory-fields"].answered == "refused without cf_reason"
    assert findings["fresh-list-calls"].verdict is Verdict.SAME
    assert not [one for one in findings.values() if one.verdict is Verdict.DIFFERENT]


def test_a_lag_is_measured_and_turned_into_the_setting(check, monkeypatch):
    monkeypatch.setattr(assumed, "settle_seconds", 0.4)
    check.zoho.set_knobs(list_lag=0.8)
    finding = check(patience=10)["fresh-list-calls"]
    assert finding.verdict is Verdict.DIFFERENT
    assert finding.change in ("Set settle_seconds to 2.", "Set settle_seconds to 3.")


def test_less_patience_than_settling_decides_nothing(check):
    check.zoho.set_knobs(list_lag=60.0)
    finding = check(patience=QUICK)["fresh-list-calls"]
    assert finding.verdict is Verdict.UNCLEAR
    assert "--patience" in finding.answered


def test_a_portal_that_cannot_be_asked_at_all_ends_the_check(check):
    check.zoho.fault("503", "GET", "/api/v1/organizations")
    with pytest.raises(NotSent):
        check()


def test_a_single_failure_on_the_way_is_no_difference(check, called):
    check.zoho.fault("drop_before", "GET", "/api/v1/calls", count=1)
    findings = check()
    assert findings["rights-enough"].verdict is Verdict.UNCLEAR
    same = [probe.name for probe in READING if findings[probe.name].verdict is Verdict.SAME]
    assert len(same) == len(READING) - 1


def test_reading_and_writing_probes_are_told_apart():
    assert not {probe.name for probe in READING} & {probe.name for probe in WRITING}
