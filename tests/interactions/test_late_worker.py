"""A worker whose claim ended before it was done: what it may still send, and what its answer is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from integrations.errors import Refused
from interactions.actions import assign, replay
from interactions.delivery import deliver
from interactions.models import Delivery, DeliveryState
from interactions.queue import claim, recovery
from tests.interactions.steps import PHONE, pass_time, post, settle, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_that_lost_its_claim_writes_nothing(crm, vendor, only):
    post()
    (late,) = claim.take(crm.method_id)
    pass_time(61)
    recovery.sweep()
    claim.take(crm.method_id)
    assert deliver.deliver(late) is None
    assert vendor.calls() == []


def test_an_answer_that_comes_after_the_claim_was_lost_is_kept(crm, vendor, only):
    post()

    def lose(kind):
        if kind == "create" and vendor.records["contacts"]:
            pass_time(61)
            recovery.sweep()

    vendor.before = lose
    work()
    assert only().remote_id == next(iter(vendor.records["calls"]))
    vendor.before = lambda kind: None
    settle(rounds=2)
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_a_worker_that_stood_still_sends_nothing_while_another_holds_its_work(crm, vendor, only):
    post()
    (first,) = claim.take(crm.method_id)

    def another_takes_it(kind):
        vendor.before = lambda kind: None
        pass_time(61)
        recovery.sweep()
        assert claim.take(crm.method_id)

    vendor.records["contacts"]["900"] = {"phone": PHONE, "marker": ""}
    vendor.before = another_takes_it
    assert deliver.deliver(first) is None
    assert vendor.calls() == []
    assert only().attempts.count() == 0


def test_a_worker_whose_claim_ended_and_was_swept_sends_nothing(crm, vendor, only):
    post()
    (first,) = claim.take(crm.method_id)

    def swept(kind):
        vendor.before = lambda kind: None
        pass_time(61)
        recovery.sweep()

    vendor.records["contacts"]["900"] = {"phone": PHONE, "marker": ""}
    vendor.before = swept
    assert deliver.deliver(first) is None
    assert vendor.calls() == []
    assert only().state == DeliveryState.PENDING


def test_a_claim_that_was_swept_is_not_valid_again_for_its_former_worker(crm, vendor, only):
    """Else he would take the result of whoever claims it next for his own."""
    post()
    (first,) = claim.take(crm.method_id)
    pass_time(61)
    recovery.sweep()
    (second,) = claim.take(crm.method_id)
    assert second.fence >= first.fence + 2
    assert not first.rows().exists()


def test_a_claim_holds_as_long_as_each_request_may_take(crm, vendor, only):
    """Each request begins with the whole lease before it, however long the ones before it took."""
    seen = []

    def late(kind):
        seen.append(only().lease_expires_at - clock.now())
        pass_time(25)

    vendor.before = late
    post()
    work()
    assert only().state == DeliveryState.DELIVERED
    assert seen[-1] > timedelta(seconds=55)


def test_nothing_is_begun_on_a_claim_that_is_about_to_end(crm, vendor, only):
    post()
    (mine,) = claim.take(crm.method_id)
    pass_time(45)
    seen = []
    vendor.before = lambda kind: seen.append(only().lease_expires_at - clock.now())
    deliver.deliver(mine)
    assert min(seen) > timedelta(seconds=30)


def test_an_answer_that_comes_late_does_not_rename_the_record_that_is_known(crm, vendor, only):
    """The other worker has looked and found it, under the same id, or has written what a person sees now."""
    post()

    def another_delivers(kind):
        if kind == "create" and vendor.calls():
            vendor.after = lambda kind: None
            pass_time(61)
            recovery.sweep()
            work()
            Delivery.objects.update(remote_id="known")

    vendor.after = another_delivers
    work()
    assert only().remote_id == "known"


def test_an_answer_that_comes_late_tells_what_the_record_holds(crm, vendor, only, ada):
    """Another worker meant to write it on the card picked meanwhile, and was refused: the record does not hold that."""
    vendor.records["contacts"] = {"900": {"phone": PHONE, "marker": ""}, "901": {"phone": "+331", "marker": ""}}
    interaction = post()

    def another_is_refused(kind):
        if kind == "create":
            vendor.before = lambda kind: None
            assign.assign(interaction, crm, crm.crm_objects.get(is_card=True), "901", ada)
            pass_time(61)
            recovery.sweep()
            pass_time(10)
            vendor.fail("create", Refused("Refused."))
            work()

    vendor.before = another_is_refused
    work()
    assert (only().state, only().remote_id) == (DeliveryState.DEAD, next(iter(vendor.records["calls"])))
    replay.replay(Delivery.objects.all(), ada)
    work()
    assert only().state == DeliveryState.DELIVERED
    assert [call["contactId"] for call in vendor.calls()] == ["901"]


def test_an_answer_that_comes_late_spares_the_look(crm, vendor, only):
    post()

    def swept(kind):
        if kind == "create" and vendor.calls():
            vendor.after = lambda kind: None
            pass_time(61)
            recovery.sweep()

    vendor.after = swept
    (mine,) = claim.take(crm.method_id)
    deliver.deliver(mine)
    assert (only().state, only().remote_id) == (DeliveryState.UNKNOWN, next(iter(vendor.records["calls"])))
    pass_time(10)
    work()
    assert "look" not in [kind for kind, _ in vendor.journal]
    assert (only().state, len(vendor.calls())) == (DeliveryState.DELIVERED, 1)
