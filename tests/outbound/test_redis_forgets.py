"""A Redis that lost its data, while requests run whose places it knew."""

from __future__ import annotations

import time

import pytest
import redis

from integrations.errors import Throttled
from outbound import redis_limiter
from tests.outbound.budget import held, pace, server, url

__all__ = ["server", "url"]  # fixtures


def test_flushed_redis_counts_all_places_as_taken_until_what_ran_has_ended(url, monkeypatch):
    monkeypatch.setattr(redis_limiter, "FORGOTTEN_SECONDS", 1.5)
    budget = pace(url, limit=2)
    with held(budget, foreground=False):
        redis.Redis.from_url(url).flushall()
        for foreground in (False, True):
            with pytest.raises(Throttled, match="places"), held(pace(url, limit=2), foreground=foreground):
                pass
    time.sleep(1.5)
    with held(budget, foreground=True), held(budget, foreground=True):
        pass


def test_a_redis_that_nobody_knew_before_is_used_at_once(url):
    with held(pace(url, limit=1), foreground=False):
        pass


def test_who_was_idle_through_a_flush_stops_nobody_later(url, monkeypatch):
    monkeypatch.setattr(redis_limiter, "FORGOTTEN_SECONDS", 0.05)
    with held(pace(url), foreground=False):
        before = dict(redis_limiter._memories)
    redis.Redis.from_url(url).flushall()
    redis_limiter._memories.clear()
    with held(pace(url), foreground=False):  # somebody new
        time.sleep(0.06)
    redis_limiter._memories.update(before)
    with held(pace(url, limit=1), foreground=False):
        pass
