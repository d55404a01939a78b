"""A name service that hangs, as a dead one does: `getaddrinfo` itself would wait for it 10 seconds, 30, or for ever."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import threading
import time
from functools import partial

import pytest

from integrations.errors import NotSent
from outbound import resolver, sockets
from outbound.http import Client
from outbound.redis_server import RedisServer
from outbound.resolver import Unresolved, addresses_of
from tests.outbound.forking import in_a_child
from tests.outbound.interrupting import At


class NameService:
    """Answers every name with the same public address once it is let, and so much later; keeps what it was asked."""

    seconds = 0.0

    def __init__(self):
        self.asked = []
        self.answers = threading.Event()

    def __call__(self, host, *_args, **_kwargs):
        self.asked.append(host)
        assert self.answers.wait(20), "nobody waits as long"
        time.sleep(self.seconds)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 0))]


@pytest.fixture
def hanging(monkeypatch):
    service = NameService()
    monkeypatch.setattr(socket, "getaddrinfo", service)
    yield service
    service.answers.set()
    assert settled()


def settled():
    """Whether nobody asks any more."""
    latest = time.monotonic() + 10
    while resolver._asked and time.monotonic() < latest:
        time.sleep(0.01)
    return not resolver._asked


def test_a_request_waits_for_a_name_no_longer_than_for_a_connection(hanging):
    with pytest.raises(NotSent, match=r"\(its name could not be resolved in time\); nothing was sent. If it stays so"):
        Client(connect_seconds=0.1).send("POST", "https://desk.zoho.eu/", json={})


def test_the_time_that_a_name_took_is_no_longer_there_for_its_connection(hanging, monkeypatch):
    given = []

    def connect(_address, timeout, *_args):
        given.append(timeout)
        raise ConnectionRefusedError

    monkeypatch.setattr(sockets, "create_connection", connect)
    hanging.answers.set()
    hanging.seconds = 0.3
    with pytest.raises(NotSent, match="connection refused"):
        Client(connect_seconds=15.0).send("GET", "https://desk.zoho.eu/")
    assert 0 < given[0] < 14.8


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_redis_is_away_while_its_name_is_not_found(hanging, scheme):
    server = RedisServer(f"{scheme}://redis.example:6379/0")
    assert server.ask(lambda redis: redis.ping()) is None


def test_all_who_wait_for_the_same_name_are_given_one_answer(hanging, monkeypatch):
    everybody = threading.Barrier(9)
    found = []

    def asking(host, ask=resolver._asking):
        answers = ask(host)
        everybody.wait(10)
        return answers

    monkeypatch.setattr(resolver, "_asking", asking)
    waiting = [threading.Thread(target=lambda: found.append(addresses_of("desk.zoho.eu", 10.0))) for _ in range(8)]
    for thread in waiting:
        thread.start()
    everybody.wait(10)
    hanging.answers.set()
    for thread in waiting:
        thread.join()
    assert found == [("8.8.8.8",)] * 8
    assert hanging.asked == ["desk.zoho.eu"]


def test_a_dead_name_service_piles_up_no_threads(hanging):
    for at in range(3 * resolver.MOST):
        for _ in range(2):
            with pytest.raises(Unresolved):
                addresses_of(f"{at}.example", 0.01)
    hanging.answers.set()
    assert settled()
    assert sorted(hanging.asked) == [f"{at}.example" for at in range(resolver.MOST)]
    assert addresses_of("99.example", 10.0) == ("8.8.8.8",)


def test_an_answer_that_came_too_late_serves_nobody_later(hanging):
    with pytest.raises(Unresolved):
        addresses_of("desk.zoho.eu", 0.01)
    hanging.answers.set()
    assert settled()
    assert addresses_of("desk.zoho.eu", 10.0) == ("8.8.8.8",)
    assert hanging.asked == ["desk.zoho.eu"] * 2


@pytest.mark.parametrize("name", ["nobody.invalid", f"{'a' * 64}.example", "a..example", "a\0b"])
def test_a_name_that_is_none_leads_nowhere(monkeypatch, name):
    offline = partial(socket.getaddrinfo, flags=socket.AI_NUMERICHOST)
    monkeypatch.setattr(socket, "getaddrinfo", offline)
    assert addresses_of(name, 10.0) == ()


def test_a_machine_that_has_no_thread_left_resolves_no_name_and_goes_on(monkeypatch):
    def none_left(*_args):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(resolver, "start_new_thread", none_left)
        with pytest.raises(Unresolved):
            addresses_of("localhost", 10.0)
    assert "127.0.0.1" in addresses_of("localhost", 10.0)


def test_a_forked_child_waits_for_no_thread_of_its_parent(hanging):
    with pytest.raises(Unresolved):
        addresses_of("desk.zoho.eu", 0.01)

    def ask():
        hanging.answers.set()
        assert addresses_of("desk.zoho.eu", 10.0) == ("8.8.8.8",)

    in_a_child(ask)


def test_a_process_ends_though_the_name_service_hangs():
    program = """
import socket, time
from outbound.resolver import Unresolved, addresses_of
from outbound.redis_server import RedisServer
socket.getaddrinfo = lambda *_args, **_kwargs: time.sleep(100)
try:
    addresses_of("desk.zoho.eu", 0.01)
except Unresolved:
    print("ended")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert (ended.stdout, ended.stderr) == ("ended\n", "")


def test_an_interruption_at_any_step_keeps_nobody_from_the_name(hanging):
    hanging.answers.set()
    for instruction in itertools.count(1):
        with At(instruction) as interruption:
            addresses_of("desk.zoho.eu", 10.0)
        if not interruption.came:
            break
        assert addresses_of("desk.zoho.eu", 10.0) == ("8.8.8.8",)
    assert instruction > 20
