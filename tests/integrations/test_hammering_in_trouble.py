"""Several processes ask as fast as they can while workers die, Redis goes away and answers stay out.

The journal of the local Zoho judges: never more at once than the edition includes, and no 429 but what was ordered.
"""

from __future__ import annotations

import threading

import pytest
import redis

from tests.integrations.test_hammering import PROCESSES, SPAWN, _until, ask, reads, run, shared, work

__all__ = ["shared", "work"]  # fixtures

pytestmark = pytest.mark.slow
EDITIONS = {"FREE": 5, "EXPRESS": 10, "PROFESSIONAL": 15, "ENTERPRISE": 25}
SMALLEST_AND_LARGEST = pytest.mark.parametrize("edition", ["FREE", "ENTERPRISE"])


@pytest.fixture(params=EDITIONS)
def edition(request):
    return request.param


@pytest.fixture
def journal_keeps_to(zoho):
    """What the journal says at the end: never too much at once, and never a 429."""

    def judged(edition: str) -> None:
        journal = reads(zoho)
        assert 429 not in {entry["status"] for entry in journal}
        assert max(entry["at_once"] for entry in journal) <= EDITIONS[edition]

    return judged


def test_workers_that_are_killed_again_and_again_cost_no_429(zoho, work, edition, journal_keeps_to):
    plan = work(edition, 60, lease=2.0)
    zoho.set_knobs(latency=0.1)
    for _ in range(3):
        seen = len(reads(zoho))
        victims = [SPAWN.Process(target=ask, args=(plan,)) for _ in range(PROCESSES)]
        for victim in victims:
            victim.start()
        _until(lambda seen=seen: len(reads(zoho)) > seen + 10)
        for victim in victims:
            victim.kill()
        for victim in victims:
            victim.join()
    assert ask(plan)["failed"] == 0
    journal_keeps_to(edition)


def test_redis_that_goes_away_costs_no_429(zoho, work, shared, edition, journal_keeps_to):
    plan = work(edition, 40)
    stopping = threading.Thread(target=lambda: (_until(lambda: len(reads(zoho)) > 20), shared.stop()))
    stopping.start()
    told = run(plan)
    stopping.join()
    assert [one["failed"] for one in told] == [0] * PROCESSES
    assert any(one["warnings"] for one in told)  # a process may have ended before
    assert {entry["status"] for entry in reads(zoho)} == {200}
    journal_keeps_to(edition)


@SMALLEST_AND_LARGEST
def test_redis_that_forgets_everything_costs_no_429(zoho, work, shared, edition, journal_keeps_to):
    plan = work(edition, 25)
    zoho.set_knobs(latency=0.3)
    server = redis.Redis.from_url(shared.connection_url)

    def flush():
        for seen in (40, 60):  # all processes have begun
            _until(lambda seen=seen: len(reads(zoho)) > seen)
            server.flushall()

    flushing = threading.Thread(target=flush)
    flushing.start()
    told = run(plan)
    flushing.join()
    assert [one["failed"] for one in told] == [0] * PROCESSES
    journal_keeps_to(edition)


@SMALLEST_AND_LARGEST
def test_redis_that_is_started_anew_costs_no_429(zoho, work, shared, edition, journal_keeps_to):
    plan = work(edition, 25)
    zoho.set_knobs(latency=0.3)

    def restart():
        _until(lambda: len(reads(zoho)) > 40)
        shared.stop()
        shared.start()

    restarting = threading.Thread(target=restart)
    restarting.start()
    told = run(plan)
    restarting.join()
    assert [one["failed"] for one in told] == [0] * PROCESSES
    journal_keeps_to(edition)


def test_requests_that_nobody_waits_for_any_more_keep_their_places(zoho, work, edition, journal_keeps_to):
    plan = work(edition, 20, read_seconds=2.0)
    zoho.fault("knobs", "GET", "/api/v1/contacts/*", count=2, knobs={"latency": 4.0})
    told = run(plan)
    assert [one["failed"] for one in told].count(0) >= PROCESSES - 2
    assert sum(one["failed"] for one in told) == 2
    journal_keeps_to(edition)
