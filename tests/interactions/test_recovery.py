"""What the sweep finds, and what waits for a connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm import clock
from crm.models import CRM
from integrations.errors import NotSent, Refused
from interactions import choose, replay, tasks
from interactions.engine import claim, deliver, heartbeat, lanes, record, sweep
from interactions.models import Delivery, DeliveryState, Interaction
from tests.interactions.steps import PHONE, pass_time, post, settle, states, work
from tests.interactions.vendor import LOST

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_expired_claim_goes_back_and_counts(crm, vendor, only):
    post()
    assert len(claim.take(crm.method_id)) == 1
    sweep.sweep()
    assert only().state == DeliveryState.SENDING
    pass_time(61)
    sweep.sweep()
    assert (only().state, only().attempts_made) == (DeliveryState.PENDING, 1)


def test_an_expired_claim_whose_write_began_is_looked_for(crm, vendor, only):
    post()
    (mine,) = claim.take(crm.method_id)
    record.begin_create(mine, only(), {"subject": "x"})
    pass_time(61)
    sweep.sweep()
    assert only().state == DeliveryState.UNKNOWN
    assert only().attempts.get().outcome == "interrupted"


def test_a_delivery_that_ends_its_worker_each_time_is_given_up(crm, vendor, only):
    post()
    for _ in range(12):
        assert claim.take(crm.method_id)
        pass_time(61)
        sweep.sweep()
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "internal")


def test_a_worker_that_lost_its_claim_writes_nothing(crm, vendor, only):
    post()
    (late,) = claim.take(crm.method_id)
    pass_time(61)
    sweep.sweep()
    claim.take(crm.method_id)
    assert deliver.deliver(late) is None
    assert vendor.calls() == []


def test_an_answer_that_comes_after_the_claim_was_lost_is_kept(crm, vendor, only):
    post()

    def lose(kind):
        if kind == "create" and vendor.records["contacts"]:
            pass_time(61)
            sweep.sweep()

    vendor.before = lose
    work()
    assert only().remote_id == next(iter(vendor.records["calls"]))
    vendor.before = lambda kind: None
    settle(rounds=2)
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


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
    assert tasks._shift(crm.method_id)
    assert states() == ["delivered"]
    assert Delivery.objects.get().interaction.reference == "r2"


def test_trouble_on_the_way_stops_the_batch_and_spares_the_rest(crm, vendor):
    for number in range(6):
        post(f"r{number}")
    vendor.fail("find", *[NotSent("No connection.")] * 9)
    assert tasks._shift(crm.method_id) is False
    assert sorted(Delivery.objects.values_list("attempts_made", flat=True)) == [0, 0, 0, 0, 1, 1]
    assert not Delivery.objects.filter(state=DeliveryState.SENDING).exists()


def test_a_slow_connection_keeps_one_pair_of_hands(vendor):
    lanes.mark_slow(7)
    with lanes.lane(7) as first, lanes.lane(7) as second, lanes.lane(8) as other:
        assert (first, second, other) == (True, False, True)
    with lanes.lane(7) as again:
        assert again
    lanes.mark_well(7)
    with lanes.lane(7) as first, lanes.lane(7) as second:
        assert (first, second) == (True, True)


def test_two_sweeps_at_once_do_no_harm(crm, vendor):
    post()
    claim.take(crm.method_id)
    pass_time(61)
    assert sweep.recover() == 1
    assert sweep.recover() == 0


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
    claim.give_back(claim.take(crm.method_id))
    assert Delivery.objects.get(pk=lost.pk).state == DeliveryState.UNKNOWN
    settle(rounds=4)
    assert states() == ["delivered"] * 3
    assert len(vendor.calls()) == 3


def test_a_worker_that_stood_still_sends_nothing_while_another_holds_its_work(crm, vendor, only):
    post()
    (first,) = claim.take(crm.method_id)

    def another_takes_it(kind):
        vendor.before = lambda kind: None
        pass_time(61)
        sweep.sweep()
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
        sweep.sweep()

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
    sweep.sweep()
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
            sweep.sweep()
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
            choose.assign(interaction, crm, crm.crm_objects.get(is_card=True), "901", ada)
            pass_time(61)
            sweep.sweep()
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
            sweep.sweep()

    vendor.after = swept
    (mine,) = claim.take(crm.method_id)
    deliver.deliver(mine)
    assert (only().state, only().remote_id) == (DeliveryState.UNKNOWN, next(iter(vendor.records["calls"])))
    work()
    assert "look" not in [kind for kind, _ in vendor.journal]
    assert (only().state, len(vendor.calls())) == (DeliveryState.DELIVERED, 1)
