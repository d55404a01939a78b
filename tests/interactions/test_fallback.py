"""Redis is there and a worker seems to live, yet a connection stands still: a real beat delivers for it by itself."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis import Redis

from authmethods import tokens
from authmethods.models import AuthenticationMethod
from interactions.models import Delivery, DeliveryState
from tests.interactions.promise import assert_exactly_once, done, post
from tests.interactions.steps import pass_time
from tests.interactions.workers import until

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

TAKEN, LEFT = "beat delivers there by itself", "beat leaves it to the workers"


def waiting_long():
    """What is due has been so for long; nothing of what is under way."""
    pass_time(40)


def test_beat_steps_in_for_a_frozen_worker_and_hands_back(acme, beat, worker):
    worker.start()
    beat.start()
    post(3, customers=3)
    until(done, 30)
    os.killpg(worker.main().pid, signal.SIGSTOP)
    post(5, start=10, customers=3)
    waiting_long()
    until(done, 60)
    assert beat.log.count(TAKEN) == 1
    post(3, start=20, customers=3)
    until(done, 20)  # at once, for beat has it still
    os.killpg(worker.main().pid, signal.SIGCONT)
    post(3, start=30, customers=3)
    until(done, 30)
    until(lambda: LEFT in beat.log, 30)
    assert_exactly_once(acme, 14)
    assert "Traceback" not in beat.log


@pytest.mark.slow
def test_whoever_writes_into_redis_all_the_time_stops_no_deliveries(acme, beat, worker):
    """Wake-ups swallowed, places taken again and again, the queue emptied, a worker's signs of life forged."""
    worker.start()
    begun, over = threading.Event(), threading.Event()
    method_id = AuthenticationMethod.objects.get().pk

    def poison():
        server = Redis.from_url(settings.REDIS_URL)
        while not over.wait(0.02):
            server.delete("celery")
            cache.set(f"interactions:doorbell:{method_id}", 1, 5)
            cache.set("interactions:heartbeat", timezone.now().isoformat(), 60)
            for lane in range(8):
                cache.set(f"interactions:lane:{method_id}:{lane}", 1, 5)  # no longer than a worker itself would
            begun.set()

    poisoner = threading.Thread(target=poison)
    poisoner.start()
    try:
        assert begun.wait(10)  # else the worker hears of the calls before anything is taken away
        beat.start()
        post(5, customers=3)
        waiting_long()
        until(done, 60)
    finally:
        over.set()
        poisoner.join()
    assert TAKEN in beat.log
    assert_exactly_once(acme, 5)


@pytest.mark.slow
def test_beat_asks_a_throttled_connection_nothing_before_its_time(acme, beat):
    acme.stand_in.fault("429_credits", count=-1)
    since = acme.stand_in.journal()[-1]["number"]
    beat.start()
    post(60, customers=1)
    waiting_long()
    until(lambda: TAKEN in beat.log, 30)
    later = timezone.now() + timedelta(minutes=30)
    until(lambda: Delivery.objects.filter(state=DeliveryState.PENDING, next_attempt_at__gt=later).count() == 60, 60)
    asked = [entry["status"] for entry in acme.stand_in.journal(since) if entry["path"].startswith("/api/v1/")]
    assert set(asked) == {429}
    slots = tokens.connect(AuthenticationMethod.objects.get()).limiter.width
    assert len(asked) <= slots  # what was under way at once when the first answer came
