"""What the sweep finds, and what waits for a connection."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import CRM
from integrations.errors import NotSent
from interactions import tasks
from interactions.delivery import journal
from interactions.models import Attempt, Delivery, DeliveryState, Interaction
from interactions.queue import claim, recovery
from interactions.queue import states as transitions
from interactions.worker import concurrency, drain, heartbeat
from tests.interactions.steps import PHONE, pass_time, post, settle, states, work
from tests.interactions.vendor import LOST

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_expired_claim_of_which_nothing_was_begun_goes_back_untouched(crm, vendor, only):
    post()
    assert len(claim.take(crm.method_id)) == 1
    due = only().next_attempt_at
    recovery.sweep()
    assert only().state == DeliveryState.SENDING
    pass_time(61)
    recovery.sweep()
    assert (only().state, only().attempts_made, only().attempts.count()) == (DeliveryState.PENDING, 0, 0)
    assert only().next_attempt_at < due, "it is due still"


def test_an_expired_claim_that_was_begun_counts_as_an_attempt_and_rests(crm, vendor, only):
    post()
    (mine,) = claim.take(crm.method_id)
    journal.begin(mine, only(), Attempt.Kind.PREPARE)
    pass_time(61)
    recovery.sweep()
    assert (only().state, only().attempts_made) == (DeliveryState.PENDING, 1)
    assert claim.take(crm.method_id) == []
    pass_time(10)
    assert claim.take(crm.method_id)


def test_what_a_worker_did_not_survive_is_tried_one_by_one(crm, vendor):
    for number in range(3):
        post(f"r{number}")
    assert len(claim.take(crm.method_id)) == 3
    post("r3")
    pass_time(61)
    recovery.sweep()
    assert [len(claim.take(crm.method_id)) for _ in range(5)] == [1, 1, 1, 1, 0]


def test_what_is_tried_alone_waits_while_others_are_under_way(crm, vendor):
    post("r1")
    claim.take(crm.method_id)
    pass_time(61)
    recovery.sweep()
    post("r2")
    (beside,) = claim.take(crm.method_id, beside_others=True)
    assert Delivery.objects.get(pk=beside.id).interaction.reference == "r2"
    assert claim.take(crm.method_id, beside_others=True) == []
    assert len(claim.take(crm.method_id)) == 1


def test_an_expired_claim_whose_write_began_is_looked_for(crm, vendor, only):
    post()
    (mine,) = claim.take(crm.method_id)
    journal.begin_creates([(mine, only(), {"subject": "x"})])
    pass_time(61)
    recovery.sweep()
    assert only().state == DeliveryState.UNKNOWN
    assert only().attempts.get().outcome == "interrupted"


def test_a_delivery_that_ends_its_worker_each_time_is_given_up(crm, vendor, only):
    post()
    for _ in range(12):
        (mine,) = claim.take(crm.method_id)
        journal.begin(mine, only(), Attempt.Kind.PREPARE)
        pass_time(61)
        recovery.sweep()
        pass_time(200_000)
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "internal")


@pytest.mark.parametrize(("moment", "kind"), [("before", "find"), ("before", "create"), ("after", "create")])
def test_an_interaction_that_is_deleted_while_it_is_written_disturbs_no_other(crm, vendor, moment, kind):
    """A customer may ask for it at any time."""
    vendor.records["contacts"]["900"] = {"phone": PHONE, "marker": ""}
    post("r1")
    post("r2", customer_phone="+33611111111")

    def delete(met):
        if met == kind:
            Interaction.objects.filter(reference="r1").delete()

    setattr(vendor, moment, delete)
    assert not drain.work(crm.method_id, 2.0).in_trouble
    assert states() == ["delivered"]
    assert Delivery.objects.get().interaction.reference == "r2"


def test_trouble_on_the_way_stops_the_batch_and_spares_the_rest(crm, vendor):
    for number in range(6):
        post(f"r{number}")
    vendor.fail("find", *[NotSent("No connection.")] * 9)
    assert drain.work(crm.method_id, 2.0).in_trouble
    assert sorted(Delivery.objects.values_list("attempts_made", flat=True)) == [0, 0, 0, 0, 1, 1]
    assert not Delivery.objects.filter(state=DeliveryState.SENDING).exists()


def test_one_worker_at_a_time_drains_a_connection(vendor):
    with concurrency.place(7) as first, concurrency.place(7) as second, concurrency.place(8) as other:
        assert (first is None, second is None, other is None) == (False, True, False)
    with concurrency.place(7) as again:
        assert again is not None


def test_the_place_of_a_worker_that_is_gone_is_soon_free(vendor, monkeypatch):
    monkeypatch.setattr(concurrency, "LEASE_SECONDS", 0.3)
    concurrency.place(7).__enter__()
    time.sleep(0.4)
    with concurrency.place(7) as next_one:
        assert next_one is not None


def test_a_worker_keeps_its_place_for_as_long_as_it_works(vendor, monkeypatch):
    monkeypatch.setattr(concurrency, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(concurrency, "RENEW_SECONDS", 0.1)
    with concurrency.place(7) as keep:
        for _ in range(8):
            time.sleep(0.2)
            assert keep is not None
            keep()
        with concurrency.place(7) as second:
            assert second is None


def test_two_sweeps_at_once_do_no_harm(crm, vendor):
    post()
    claim.take(crm.method_id)
    pass_time(61)
    assert recovery.recover() == 1
    assert recovery.recover() == 0


def test_a_finished_sweep_is_a_sign_of_life(db):
    assert heartbeat.age() is None
    tasks.sweep()
    age = heartbeat.age()
    assert age is not None
    assert age < timedelta(seconds=5)


def test_an_order_far_in_the_future_is_not_due(crm, vendor, only):
    post()
    Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))
    assert claim.take(crm.method_id) == []
    assert CRM.objects.count() == 1


def test_a_batch_that_is_given_back_is_looked_for_where_it_may_be_written(crm, vendor):
    for number in range(3):
        post(f"r{number}")
    vendor.fail("create", None, LOST)
    work()
    lost = Delivery.objects.get(state=DeliveryState.UNKNOWN)
    pass_time(3)
    transitions.put_back(claim.take(crm.method_id))
    assert Delivery.objects.get(pk=lost.pk).state == DeliveryState.UNKNOWN
    settle(rounds=4)
    assert states() == ["delivered"] * 3
    assert len(vendor.calls()) == 3
