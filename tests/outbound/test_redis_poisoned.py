"""What somebody wrote into Redis, or what a clock that was set back left there, stops no delivery for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis

from integrations.errors import Throttled
from tests.integrations.conftest import left
from tests.outbound.budget import held, pace, places, server, taking
from tests.ports import free_port

__all__ = ["server"]  # fixture

PARTS = ("places", "held", "credits", "memory", "people")
PLACES, HELD, CREDITS, MEMORY, PEOPLE = (f"pace:{{acme}}:{part}" for part in PARTS)
YEARS = 10 * 365 * 86_400


@pytest.fixture
def poisoned(server):
    connection = redis.Redis.from_url(server.connection_url)
    connection.flushall()
    return connection


@pytest.mark.parametrize(
    "poison",
    [
        ("ZADD", PLACES, *(part for at in range(50) for part in (10**18 + at, f"forever{at}"))),
        ("SET", PLACES, "no set"),
        ("SET", HELD, "1", "EX", YEARS),
        ("SET", HELD, "1", "PX", 9 * 10**15),
        ("SET", HELD, "for ever"),
        ("HSET", HELD, "no", "text"),
        ("SET", CREDITS, "0"),
        ("SET", CREDITS, "0", "EX", YEARS),
        ("SET", CREDITS, "no number"),
        ("RPUSH", CREDITS, "no text"),
        ("SET", MEMORY, "no time"),
        ("SET", MEMORY, f"{10**18} a place of the far future"),
        ("SET", MEMORY, b"1 \xff\xfe"),
        ("SET", MEMORY, "nan nan"),
        ("SET", MEMORY, "1 " + "x" * 1_000_000),
        ("RPUSH", MEMORY, "no text"),
        ("SET", PEOPLE, "for ever"),
        ("SET", PEOPLE, "1", "PX", 9 * 10**15),
        ("HSET", PEOPLE, "no", "text"),
    ],
    ids=lambda poison: " ".join(map(str, poison[:3]))[:60],
)
@pytest.mark.parametrize("foreground", [False, True])
def test_what_cannot_be_ours_in_redis_stops_nobody_and_keeps_the_shared_limit(
    server, poisoned, caplog, poison, foreground
):
    poisoned.execute_command(*poison)
    budget = pace(server.connection_url, limit=2)
    with held(budget, foreground=foreground):
        assert places(server.connection_url) == 1
        done = taking(budget, 1, foreground=True)
        try:
            with pytest.raises(Throttled, match="places"), held(budget, foreground=True):
                pass
        finally:
            done()
    assert "away" not in caplog.text


def test_the_longest_hold_of_ours_is_believed(server, poisoned):
    budget = pace(server.connection_url)
    budget.hold(None)
    poisoned.set(HELD, "1", ex=86_400)
    with pytest.raises(Throttled, match="wait") as caught, held(budget):
        pass
    assert left(caught.value) > timedelta(hours=23)


def test_redis_that_takes_no_writes_counts_as_away(server, poisoned, caplog):
    """READONLY here; MISCONF and LOADING are errors of the same kind."""
    poisoned.replicaof("127.0.0.1", free_port())
    try:
        budget = pace(server.connection_url)
        with (
            held(budget, foreground=True),
            pytest.raises(Throttled, match="places"),
            held(pace(server.connection_url), foreground=True),
        ):
            pass
    finally:
        poisoned.replicaof("NO", "ONE")
        budget._redis._away_until = 0.0
    assert caplog.text.count("Redis is away") == 1
    with held(budget):
        assert places(server.connection_url) == 1


def test_a_place_whose_grant_got_lost_does_not_stand_in_its_own_way(server, poisoned):
    """The script ran, its answer was lost with the connection, and it is asked again for the same place."""
    budget = pace(server.connection_url, limit=1)
    slot = budget.slot(lambda: poisoned.client_kill_filter(_type="normal", skipme=True), foreground=False)
    with held(budget):
        pass  # the script is known there from now on
    with slot:
        assert places(server.connection_url) == 1
