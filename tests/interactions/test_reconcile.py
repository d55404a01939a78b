"""A lost answer: looked for before anything is written again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core import clock
from integrations.errors import NotSent, Refused
from interactions.actions import changes, replay
from interactions.api.schemas import InteractionChange
from interactions.models import Attempt, DeliveryState
from tests.interactions.steps import PHONE, pass_time, post, settle, the_database_says, work
from tests.interactions.vendor import DROPPED, LOST

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lost_answer_is_looked_for_and_not_written_again(crm, vendor, only):
    post()
    vendor.fail("create", None, LOST)
    work()
    assert only().state == DeliveryState.UNKNOWN
    pass_time(3)
    work()
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_a_record_that_shows_late_is_waited_for(crm, vendor, only):
    post()
    vendor.fail("create", None, LOST)
    vendor.blind_looks = 3
    settle(step=5)
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1
    assert [kind for kind, _ in vendor.journal].count("look") == 4


def test_a_dropped_request_is_written_again_only_after_the_settling_time(crm, vendor, only):
    post()
    vendor.fail("create", None, DROPPED)
    work()
    pass_time(20)
    work()
    assert only().state == DeliveryState.UNKNOWN
    assert [kind for kind, _ in vendor.journal].count("create") == 2  # the contact, and the dropped one
    pass_time(40)
    work()
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_the_looks_for_a_record_become_rarer(crm, vendor, only):
    post()
    vendor.fail("create", None, DROPPED)
    work()
    waits = []
    for passed in (2, 5, 10):
        pass_time(passed)
        work()
        waits.append((only().next_attempt_at - datetime.now(UTC)).total_seconds())
    assert waits == [pytest.approx(wait, abs=1) for wait in (2, 5, 10)]


def test_a_look_proves_nothing_of_what_shows_while_it_is_under_way(crm, vendor, only, monkeypatch):
    """It began before the settling time was over, and ended after it."""
    post()
    vendor.fail("create", None, DROPPED)
    work()
    pass_time(25)

    def takes_long(kind):
        if kind == "look":
            now = clock.now()
            monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=10))

    vendor.before = takes_long
    work()
    assert only().state == DeliveryState.UNKNOWN
    assert vendor.calls() == []


def test_a_worker_whose_clock_is_ahead_does_not_take_the_settling_time_for_over(crm, vendor, only, monkeypatch):
    """What time it is, the database says: also for when a look began."""
    ahead = timedelta(hours=1)
    the_database_says(monkeypatch, lambda: timezone.now() - ahead)
    vendor.records["contacts"]["900"] = {"phone": PHONE, "marker": ""}
    vendor.fail("create", LOST)
    vendor.blind_looks = 1
    post()
    work()
    pass_time(3)
    work()
    assert only().state == DeliveryState.UNKNOWN
    pass_time(10)
    work()
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_what_is_dropped_each_time_is_given_up_and_says_so(crm, vendor, only):
    post()
    vendor.fail("create", None, *[DROPPED] * 40)
    settle(rounds=60, step=600)
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "unknown")
    assert only().attempts.filter(kind=Attempt.Kind.CREATE).count() == 12


def test_a_look_that_fails_is_no_proof(crm, vendor, only):
    post()
    vendor.fail("create", None, LOST)
    vendor.fail("look", NotSent("No connection."))
    work()
    pass_time(3600)
    work()
    assert only().state == DeliveryState.UNKNOWN
    pass_time(3600)
    work()
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_a_refused_look_ends_with_a_person_and_a_replay_looks_again(crm, vendor, only, ada):
    post()
    vendor.fail("create", None, LOST)
    vendor.fail("look", Refused("Not allowed.", code="FORBIDDEN", status=403))
    work()
    pass_time(3)
    work()
    delivery = only()
    assert (delivery.state, delivery.error_kind) == (DeliveryState.DEAD, "unsettled")
    assert "may have been written" in delivery.reason
    assert replay.replay(type(delivery).objects.all(), ada) == 1
    assert only().state == DeliveryState.UNKNOWN
    work()
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_a_record_that_was_found_holds_what_was_sent_then(crm, vendor, only):
    """So that a later change sends the difference to that, not to nothing."""
    interaction = post()
    vendor.fail("create", None, LOST)
    settle(rounds=2)
    assert "update" not in [kind for kind, _ in vendor.journal]
    vendor.records["calls"][only().remote_id]["subject"] = "Edited by an agent"
    changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    work()
    assert vendor.calls()[0]["subject"] == "Edited by an agent"
    assert vendor.calls()[0]["recordingUrl"] == "https://pbx.example/1.mp3"
