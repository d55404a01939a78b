"""How beat divides its time among the connections while it delivers by itself."""

from __future__ import annotations

import logging
import time
from unittest import mock

import pytest
from django.db import DatabaseError

from authmethods.models import AuthenticationMethod
from authmethods.models import Status as MethodStatus
from crm.models import Kind as CRMKind
from integrations.errors import NotSent
from interactions.delivery import deliver
from interactions.models import Delivery, DeliveryState
from interactions.queue import claim
from interactions.worker import drain, fallback
from tests.interactions.steps import make_crm, make_method, pass_time, post
from tests.interactions.workers import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def beat():
    alone = fallback.Fallback()
    alone.redis_is_away()
    return alone


def waiting(method_id):
    return Delivery.objects.filter(method=method_id, state=DeliveryState.PENDING).count()


def work_until(beat, holds):
    def worked():
        beat.work(0.05)
        return holds()

    until(worked)


def test_while_redis_is_there_it_delivers_nothing(crm, vendor):
    post()
    fallback.Fallback().work(60)
    assert vendor.journal == []


def test_what_a_dead_worker_had_is_put_back_and_delivered(crm, vendor, only, beat):
    post()
    assert claim.take(crm.method_id)
    pass_time(61)
    work_until(beat, lambda: only().state == DeliveryState.DELIVERED)
    assert len(vendor.calls()) == 1


def test_what_it_has_no_time_for_is_due_again_at_once(crm, vendor, beat):
    vendor.before = lambda kind: time.sleep(0.1)
    for number in range(3):
        post(f"r{number}")
    work_until(beat, vendor.calls)
    assert waiting(crm.method_id) == 2


def test_a_slow_connection_lets_the_others_go_first(crm, vendor, beat, monkeypatch):
    """Slow is also one that did not answer."""
    monkeypatch.setattr(fallback, "REST_SECONDS", 1e9)
    monkeypatch.setattr(drain, "SLOW_SECONDS", 1e9)
    make_crm(None, "here", kind=CRMKind.LOCAL)
    vendor.fail("find", NotSent("No connection."))
    post("r1")
    work_until(beat, lambda: vendor.journal and not waiting(None))
    post("r2")
    work_until(beat, lambda: not waiting(None))
    beat.work(60)
    assert [kind for kind, _ in vendor.journal] == ["find"]
    assert waiting(crm.method_id) == 2


def test_a_slow_connection_that_is_the_only_one_has_all_the_time(crm, vendor, beat, monkeypatch):
    monkeypatch.setattr(fallback, "REST_SECONDS", 1e6)
    monkeypatch.setattr(drain, "SLOW_SECONDS", 0.0)
    for number in range(3):
        post(f"r{number}")
        work_until(beat, lambda: not waiting(crm.method_id))


def test_a_connection_in_trouble_has_its_next_turn_with_the_next_sweep(crm, vendor, beat, monkeypatch):
    monkeypatch.setattr(fallback, "SWEEP_SECONDS", 1000)
    for number in range(6):
        post(f"r{number}")
    vendor.fail("find", *[NotSent("No connection.")] * 9)
    for _ in range(3):
        beat.work(60)
    assert sorted(Delivery.objects.values_list("attempts_made", flat=True)) == [0, 0, 0, 0, 1, 1]


def test_a_database_that_fails_does_not_end_beat(crm, vendor, only, beat, caplog, monkeypatch):
    monkeypatch.setattr(fallback, "SWEEP_SECONDS", 0)
    post()
    with mock.patch.object(claim, "take", side_effect=DatabaseError), caplog.at_level(logging.ERROR):
        beat.work(1)
    assert "Beat could not deliver" in caplog.text
    work_until(beat, lambda: only().state == DeliveryState.DELIVERED)


@pytest.fixture
def watching(monkeypatch):
    """Beat while Redis is there: it looks every time."""
    monkeypatch.setattr(fallback, "WATCH_SECONDS", 0.0)
    return fallback.Fallback()


def test_it_delivers_for_the_connection_that_stands_still_and_for_no_other(crm, vendor, watching):
    other = make_crm(make_method("Other"), "other")
    for number in range(3):
        post(f"r{number}")
    pass_time(40)
    (begun,) = claim.take(other.method_id, 1)
    deliver.deliver(begun)
    work_until(watching, lambda: not waiting(crm.method_id))
    assert waiting(other.method_id) == 2


def test_it_leaves_a_connection_to_the_workers_as_soon_as_one_begins(crm, vendor, watching):
    post("r1")
    pass_time(40)
    work_until(watching, lambda: not waiting(crm.method_id))
    post("r2")
    work_until(watching, lambda: not waiting(crm.method_id))  # at once, for it is beat's still
    post("r3")
    (begun,) = claim.take(crm.method_id, 1)
    deliver.deliver(begun)
    watching.work(0.0)
    post("r4")
    for _ in range(5):
        watching.work(0.05)
    assert waiting(crm.method_id) == 1


@pytest.mark.parametrize("status", [MethodStatus.DISABLED, MethodStatus.NEEDS_RECONNECTION])
def test_it_does_nothing_at_a_connection_that_is_not_enabled(crm, vendor, watching, status):
    post()
    AuthenticationMethod.objects.update(status=status)
    pass_time(40)
    for _ in range(3):
        watching.work(0.05)
    assert vendor.journal == []


def test_what_a_dead_worker_had_is_put_back_though_nobody_sweeps(crm, vendor, only, watching):
    post()
    assert claim.take(crm.method_id)
    pass_time(61)
    work_until(watching, lambda: only().state == DeliveryState.DELIVERED)
