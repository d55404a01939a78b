"""A worker stands still right before it sends, for so long that others look, find nothing and write."""

from __future__ import annotations

import os
import signal
import time

import psutil
import pytest

from interactions.models import Delivery, DeliveryState
from interactions.queue import wakeup
from outbound import deadline
from tests.interactions.promise import assert_exactly_once, post
from tests.interactions.steps import settle, states, work
from tests.interactions.workers import Worker, until

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


def stopped(worker):
    """The child that stands still, if it does."""
    children = worker.main().children()
    return next((child for child in children if child.status() == psutil.STATUS_STOPPED), None)


@pytest.mark.parametrize("count", [1, 20], ids=["one", "a batch"])
def test_a_worker_that_wakes_up_late_sends_nothing(acme, centres, valkey, tmp_path, monkeypatch, count):
    monkeypatch.setattr(deadline, "SECONDS", 2.0)
    post(1, customers=1)
    work()
    flag = tmp_path / "freeze"
    worker = Worker(centres, tmp_path / "worker.log", app="tests.interactions.freeze", FREEZE_AT=str(flag))
    worker.start()
    try:
        flag.touch()
        post(count, customers=1, start=1)
        wakeup.notify(Delivery.objects.all()[0].method_id)
        until(lambda: stopped(worker), 30)
        begun = time.monotonic()
        settle()
        assert set(states()) == {"delivered"}
        time.sleep(max(0.0, 2.5 - (time.monotonic() - begun)))
        os.kill(stopped(worker).pid, signal.SIGCONT)
        post(1, customers=1, start=100)
        wakeup.notify(Delivery.objects.all()[0].method_id)
        until(lambda: not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists(), 30)
    finally:
        worker.kill()
    assert_exactly_once(acme, count + 2)
