"""Redis is away altogether: a real beat delivers by itself, exactly once, and leaves it to workers afterwards."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from redis import Redis

from interactions.models import Delivery, DeliveryState
from tests.interactions.promise import assert_exactly_once, done, post
from tests.interactions.steps import pass_time
from tests.interactions.workers import Beat, until

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

ALONE, BACK, RELIEVED = "beat delivers by itself", "Redis is back: beat goes on", "A worker is seen again"


@pytest.fixture
def another(centres, tmp_path):
    (tmp_path / "another").mkdir()
    running = Beat(centres, tmp_path / "another")
    yield running
    running.kill()


@contextmanager
def away(valkey):
    """Redis refuses every connection, and has lost its data when it is back."""
    valkey.stop()
    try:
        yield
    finally:
        valkey.start()


@contextmanager
def hung(valkey):
    """Redis takes connections and answers nobody."""
    valkey._process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        valkey._process.send_signal(signal.SIGCONT)


@contextmanager
def full(valkey):
    """Redis answers and keeps nothing new."""
    server = Redis.from_url(settings.REDIS_URL)
    server.config_set("maxmemory", 1)
    try:
        yield
    finally:
        server.config_set("maxmemory", 0)


def delivered(count):
    return lambda: Delivery.objects.filter(state=DeliveryState.DELIVERED).count() >= count


def test_beat_that_starts_while_redis_is_away_delivers(acme, beat, valkey):
    with away(valkey):
        beat.start()
        post(10, customers=4)
        until(done, 60)
    assert_exactly_once(acme, 10)
    assert beat.log.count(ALONE) == 1


@pytest.mark.slow
def test_beat_takes_over_from_a_worker_and_hands_back(acme, beat, worker, valkey):
    acme.stand_in.set_knobs(latency=0.03)
    worker.start()
    beat.start()
    post(20, customers=8)
    until(delivered(5), 60)
    with away(valkey):
        post(10, start=100, customers=8)
        until(done, 60)  # some perhaps by the worker: a drain that is under way needs no Redis
        until(lambda: ALONE in beat.log, 60)
    until(lambda: RELIEVED in beat.log, 90)
    post(5, start=200, customers=8)
    until(done, 60)
    assert_exactly_once(acme, 35)
    assert beat.log.index(ALONE) < beat.log.index(BACK) < beat.log.index(RELIEVED)


@pytest.mark.slow
def test_redis_that_is_back_without_a_worker_leaves_the_deliveries_to_beat(acme, beat, valkey):
    with away(valkey):
        beat.start()
        until(lambda: ALONE in beat.log, 60)
    until(lambda: BACK in beat.log, 60)
    post(5)
    until(done, 60)
    assert_exactly_once(acme, 5)
    assert RELIEVED not in beat.log


def test_a_redis_that_hangs_counts_as_away(acme, beat, valkey):
    beat.start()
    until(lambda: "Starting" in beat.log, 60)
    with hung(valkey):
        post(10, customers=4)
        until(done, 90)
        assert ALONE in beat.log
    assert_exactly_once(acme, 10)


@pytest.mark.slow
def test_a_redis_that_is_full_counts_as_away(acme, beat, valkey):
    with full(valkey):
        beat.start()
        post(5)
        until(done, 60)
    assert_exactly_once(acme, 5)
    assert "Redis did not take a message" in beat.log


def test_whoever_posts_waits_little_for_a_redis_that_hangs(acme, valkey):
    """Redis' own time limit is 5 s, that of the broker 10 s; ours is 1 s, and then for a while none."""
    with hung(valkey):
        began = time.monotonic()
        for number in range(3):
            post(1, start=number)
        assert time.monotonic() - began < 4
    assert Delivery.objects.count() == 3


@pytest.mark.slow
def test_two_beats_by_accident_write_nothing_twice(acme, beat, another, valkey):
    acme.stand_in.set_knobs(latency=0.03)
    with away(valkey):
        beat.start()
        another.start()
        until(lambda: ALONE in beat.log and ALONE in another.log, 60)
        post(30, customers=8)
        until(done, 90)
    assert_exactly_once(acme, 30)


@pytest.mark.slow
def test_beat_that_is_told_to_end_finishes_what_it_is_sending_and_gives_the_rest_back(acme, beat, valkey):
    acme.stand_in.set_knobs(latency=0.2)
    with away(valkey):
        beat.start()
        post(30, customers=1)
        until(delivered(2), 60)
        assert beat.signal(signal.SIGTERM) == 0
        assert not done()
        assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED, DeliveryState.PENDING}
        acme.stand_in.set_knobs(latency=0.0)
        beat.start()
        until(done, 60)
    assert_exactly_once(acme, 30)


@pytest.mark.slow
def test_beat_killed_in_the_middle_loses_and_doubles_nothing(acme, beat, valkey):
    acme.stand_in.set_knobs(latency=0.1)
    with away(valkey):
        beat.start()
        post(20, customers=1)
        until(delivered(2), 60)
        beat.kill()
        pass_time(150)
        acme.stand_in.set_knobs(latency=0.0)
        beat.start()

        def settled():
            if not Delivery.objects.filter(state=DeliveryState.SENDING).exists():
                pass_time(15)
            return done()

        until(settled, 60, every=0.4)
    assert_exactly_once(acme, 20)
