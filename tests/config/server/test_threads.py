"""Django works in a few threads that stay, with their connections, whatever becomes of the clients."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.config.server.clients import connect, seconds_to_health
from tests.config.server.running import Installation, WebServer, serving


@pytest.fixture(scope="module")
def two_threads(installation: Installation) -> Iterator[WebServer]:
    with serving(installation, WEB_THREADS="2") as server:
        yield server


def told(server: WebServer):
    return requests.get(f"{server.url}/told", timeout=10).json()


def test_threads_and_their_connections_to_the_database_stay(two_threads):
    with ThreadPoolExecutor(10) as people:
        seen = list(people.map(lambda _: told(two_threads), range(60)))
    pairs = {(one["thread"], one["database"]) for one in seen}
    assert len(pairs) == len({thread for thread, _ in pairs}) == 2


def test_what_has_arrived_is_done_though_its_client_has_left(two_threads):
    before = told(two_threads)["noted"]
    with two_threads.without_a_failure():
        with connect(two_threads.port) as connection:
            connection.sendall(b"POST /slow?seconds=0.5 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            time.sleep(0.2)
        deadline = time.monotonic() + 10
        while told(two_threads)["noted"] == before:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_what_was_only_asked_for_is_not_looked_up_for_who_has_left_before_its_turn(two_threads):
    before = told(two_threads)["noted"]
    with ThreadPoolExecutor(2) as people:
        busy = [people.submit(requests.get, f"{two_threads.url}/slow?seconds=0.6", timeout=10) for _ in range(2)]
        time.sleep(0.2)
        for _ in range(20):
            with connect(two_threads.port) as connection:
                connection.sendall(b"GET /slow?seconds=0.6 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert all(one.result().ok for one in busy)
    assert told(two_threads)["noted"] == before + 2


def test_operators_are_answered_while_all_threads_are_busy(two_threads):
    with ThreadPoolExecutor(4) as people:
        busy = [people.submit(requests.get, f"{two_threads.url}/slow?seconds=4", timeout=30) for _ in range(4)]
        time.sleep(0.2)
        assert seconds_to_health(two_threads.port, 3) < 3
        assert requests.get(f"{two_threads.url}/readyz", timeout=10).status_code in (200, 503)
        assert not any(one.done() for one in busy)


def test_a_failure_is_answered_and_the_thread_goes_on(two_threads):
    for _ in range(5):
        assert requests.get(f"{two_threads.url}/fails", timeout=5).status_code == 500
    assert len(told(two_threads)["threads"]) <= 5
