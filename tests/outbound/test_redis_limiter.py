from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import redis
import time_machine

from integrations.errors import NotSent, OutcomeUnknown, Throttled
from outbound import redis_limiter
from outbound.limiter import Unlimited
from outbound.place_renewal import renewal
from outbound.redis_limiter import RedisRateLimiter
from tests.integrations.conftest import left
from tests.outbound.budget import held, pace, places, server, taking, url

__all__ = ["server", "url"]  # fixtures

SPAWN = multiprocessing.get_context("spawn")


def test_a_place_is_taken_and_given_back_even_after_an_error(url):
    budget = pace(url)
    with pytest.raises(NotSent, match="1 taken"), held(budget, foreground=False):
        raise NotSent(f"{places(url)} taken")
    assert places(url) == 0


def test_a_request_that_cannot_be_made_ready_gives_its_place_back_and_shifts_no_answer(url):
    budget = pace(url)
    budget.observe(remaining=4321)

    def prepare():
        raise ValueError("not a valid one")

    with pytest.raises(ValueError, match="not a valid one"), budget.slot(prepare, foreground=False):
        pass
    assert places(url) == 0
    assert budget.credits() == 4321


def unanswered(budget, seconds):
    with suppress(OutcomeUnknown), held(budget):
        time.sleep(seconds)
        raise OutcomeUnknown("no answer")


def free_again(budget):
    """When its only place is free again, in seconds since the epoch; asked behind what was told of it."""
    [(_, ends)] = budget._redis.ask(lambda server: server.zrange("pace:{acme}:places", 0, -1, withscores=True))
    return ends


def is_free(budget):
    try:
        with held(budget):
            return True
    except Throttled:
        return False


def test_a_request_without_an_answer_may_still_run_and_keeps_its_place_as_long_again(url, monkeypatch):
    monkeypatch.setattr(redis_limiter, "UNANSWERED_SECONDS", 0.1)
    budget = pace(url, limit=1)
    began = time.time()
    unanswered(budget, 0.6)
    took = time.time() - began
    assert 2 * 0.6 <= free_again(budget) - began <= 3 * took


def test_a_broken_connection_keeps_its_place_for_a_moment_only(url):
    budget = pace(url, limit=1, patience=0.0)
    began = time.time()
    unanswered(budget, 0.0)
    took = time.time() - began
    ends = free_again(budget)
    assert redis_limiter.UNANSWERED_SECONDS <= ends - began <= redis_limiter.UNANSWERED_SECONDS + 3 * took
    time.sleep(max(0.0, ends - time.time()) + 0.01)
    assert is_free(budget)


def test_a_place_is_asked_for_before_the_request_is_made_ready(url):
    budget = pace(url)

    def prepare():
        deadline = time.monotonic() + 5
        while places(url) == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        return places(url)

    with held(budget):
        pass
    with budget.slot(prepare, foreground=False) as taken_meanwhile:
        assert taken_meanwhile == 1


def test_a_foreground_request_has_its_limit_too(url):
    budget = pace(url)
    done = taking(budget, 5, foreground=True)
    with pytest.raises(Throttled) as caught, held(budget, foreground=True):
        pass
    assert caught.value.until is None
    done()


@pytest.mark.parametrize(("limit", "share", "allowed"), [(25, 0.8, 20), (5, 0.8, 4), (5, 0.1, 1), (1, 1.0, 1)])
def test_our_share_of_the_editions_limit_is_never_exceeded(url, limit, share, allowed):
    budget = pace(url, limit=limit, share=share)
    done = taking(budget, allowed, foreground=True)
    with pytest.raises(Throttled), held(budget, foreground=True):
        pass
    done()


def test_a_place_that_frees_up_is_taken_by_who_waits(url):
    budget = pace(url, limit=1, patience=5.0)
    done = taking(budget, 1)
    threading.Timer(0.1, done).start()
    with held(budget, foreground=False):
        assert places(url) == 1


def test_two_organisations_do_not_share_places(url):
    done = taking(pace(url, limit=1), 1)
    with held(RedisRateLimiter(url, "globex", limit=1, patience=0.1), foreground=False):
        pass
    done()


def test_a_request_keeps_its_place_for_as_long_as_it_runs(url):
    budget = pace(url, limit=1, lease=0.8, patience=0.0)
    with held(budget, foreground=False):
        for _ in range(4):
            time.sleep(0.5)
            assert not is_free(budget)
    assert is_free(budget)


def test_a_place_whose_return_was_lost_is_free_soon(url, monkeypatch):
    budget = pace(url, limit=1, lease=0.8, patience=0.0)
    with held(budget, foreground=False):
        monkeypatch.setattr(budget._redis, "tell", lambda *_args: None)
    monkeypatch.undo()
    assert not is_free(budget)
    time.sleep(1.0)
    assert is_free(budget)


def test_a_lease_ends_by_the_servers_clock_whatever_ours_says(url, monkeypatch):
    monkeypatch.setattr(renewal, "hold", lambda *_args: None)  # as in a process that stands still
    budget = pace(url, limit=1, lease=1.0)
    with held(budget, foreground=False), time_machine.travel(datetime.now(UTC) - timedelta(days=1)):
        time.sleep(1.05)
        with held(budget, foreground=False):
            assert places(url) == 1


def _hold_and_be_killed(url):
    with held(RedisRateLimiter(url, "acme", limit=1, lease=0.5), foreground=False):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_worker_frees_its_place_when_its_lease_ends(url):
    worker = SPAWN.Process(target=_hold_and_be_killed, args=(url,))
    worker.start()
    worker.join(20)
    assert worker.exitcode == -signal.SIGKILL
    with held(pace(url, limit=1, patience=5.0), foreground=False):
        pass


def _work(url, number):
    budget, server = RedisRateLimiter(url, "acme", limit=5, share=1.0, patience=20.0), redis.Redis.from_url(url)
    for _ in range(number):
        with held(budget, foreground=False):
            server.lpush("at_once", int(server.incr("now")))
            time.sleep(0.002)
            server.decr("now")


def test_processes_together_never_hold_more_than_the_limit(url):
    workers = [SPAWN.Process(target=_work, args=(url, 15)) for _ in range(4)]
    for worker in workers:
        worker.start()
    _work(url, 15)
    for worker in workers:
        worker.join(30)
    at_once = [int(value) for value in redis.Redis.from_url(url).lrange("at_once", 0, -1)]
    assert len(at_once) == 75
    assert 1 <= max(at_once) <= 4


def test_a_refusal_holds_everybody_until_the_vendor_says(url):
    until = datetime.now(UTC) + timedelta(hours=3)
    pace(url).hold(until)
    for foreground in (True, False):
        with pytest.raises(Throttled, match="asked us to wait") as caught, held(pace(url), foreground=foreground):
            pass
        assert timedelta(hours=2, minutes=59) < left(caught.value) <= timedelta(hours=3)


def test_a_refusal_without_a_time_holds_for_a_moment_and_never_shortens_a_longer_one(url):
    budget = pace(url)
    budget.hold(None)
    with pytest.raises(Throttled) as caught, held(budget, foreground=True):
        pass
    assert timedelta(0) < left(caught.value) <= timedelta(seconds=1)
    budget.hold(datetime.now(UTC) + timedelta(hours=3))
    budget.hold(None)
    with pytest.raises(Throttled) as caught, held(budget, foreground=True):
        pass
    assert left(caught.value) > timedelta(hours=2)


def test_a_hold_in_the_past_is_over(url):
    budget = pace(url)
    budget.hold(datetime.now(UTC) - timedelta(hours=1))
    time.sleep(0.01)
    with held(budget, foreground=False):
        pass


def test_nearly_spent_credits_stop_deliveries_and_leave_the_rest_to_people(url):
    budget = pace(url, credits_kept=200)
    budget.observe(remaining=199)
    with pytest.raises(Throttled, match="credits") as caught, held(budget, foreground=False):
        pass
    assert timedelta(0) < left(caught.value) <= timedelta(hours=1, seconds=2)
    with held(budget, foreground=True):
        pass
    assert budget.credits() == 199


def test_no_credits_stop_people_too_and_enough_stop_nobody(url):
    budget = pace(url)
    budget.observe(remaining=0)
    with pytest.raises(Throttled), held(budget, foreground=True):
        pass
    budget.observe(remaining=5000)
    with held(budget, foreground=False):
        pass


def test_headers_that_say_nothing_change_nothing(url):
    budget = pace(url)
    budget.observe(remaining=None)
    assert budget.credits() is None


@pytest.mark.parametrize(
    ("zone", "now", "seconds"),
    [
        ("Europe/Amsterdam", "2026-11-23T22:50:00Z", 600),
        ("America/Los_Angeles", "2026-11-23T22:50:00Z", 3600),
        ("Asia/Kolkata", "2026-11-23T18:20:00Z", 600),
        ("Europe/Amsterdam", "2026-10-24T22:30:00Z", 3600),  # the night that has an hour more
        ("UTC", "2026-11-23T23:59:59Z", 1),
    ],
)
def test_spent_credits_are_believed_until_the_day_of_the_data_centre_ends_at_most_an_hour(url, zone, now, seconds):
    budget = pace(url, zone=zone)
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        budget.observe(remaining=1)
    assert abs(redis.Redis.from_url(url).ttl("pace:{acme}:credits") - seconds) <= 1


def test_no_pace_at_all_lets_everything_pass():
    budget = Unlimited()
    budget.observe(remaining=0)
    budget.hold(None)
    with held(budget, foreground=False), held(budget, foreground=False):
        pass
