"""How long the server waits for a client, and what the client is told. With limits of half a second."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.config.server.clients import A_HUGE_PAGE, HALF_A_BODY, connect, exchange, read_all, read_until
from tests.config.server.running import Installation, WebServer, serving
from tests.config.server.urls import HUGE

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF_A_FORM = b"POST /told HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"
TOO_LARGE = b"POST /told HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nthe first of many"


@pytest.fixture(scope="module")
def impatient(installation: Installation) -> Iterator[WebServer]:
    with serving(installation, DJANGO_SETTINGS_MODULE="tests.config.server.impatient") as server:
        yield server


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", b""),
        (b"\r\n", b""),
        (b"POST /told HT", b"HTTP/1.1 408 "),
        (HALF_A_FORM, b"HTTP/1.1 408 "),
        (HALF_A_BODY, b"HTTP/1.1 408 "),
        (HEALTH, b"HTTP/1.1 200 "),
        (HEALTH + b"\r\n", b"HTTP/1.1 200 "),
        (TOO_LARGE, b"HTTP/1.1 413 "),
    ],
    ids=["silent", "empty-lines", "head", "form", "body", "idle", "idle-with-an-empty-line", "rest-of-what-is-refused"],
)
def test_whoever_is_waited_for_too_long_is_let_go(impatient, sent, told):
    began = time.monotonic()
    assert exchange(impatient.port, sent).startswith(told)
    assert time.monotonic() - began > 0.4, "it was not waited for at all"


def test_a_program_reads_why_in_the_form_of_the_api(impatient):
    answer = exchange(impatient.port, HALF_A_BODY)
    assert b"Content-Type: application/json" in answer or b"content-type: application/json" in answer
    assert b'{"detail": [{"field": "body", "message": "The body did not arrive within' in answer


def test_a_person_reads_why_on_a_page(impatient):
    assert b"<h1>This took too long to arrive</h1>" in exchange(impatient.port, HALF_A_FORM)


def test_bytes_that_come_one_by_one_gain_no_time(impatient):
    with connect(impatient.port) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        connection.settimeout(0.2)
        answer, deadline = b"", time.monotonic() + 10
        while not answer and time.monotonic() < deadline:
            connection.send(b"x")
            try:
                answer = connection.recv(1000)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_whoever_reads_nothing_for_too_long_does_not_get_the_rest(impatient):
    with connect(impatient.port, narrow=True) as connection:
        connection.sendall(A_HUGE_PAGE)
        time.sleep(1)
        assert len(read_all(connection)) < HUGE


def test_an_answer_that_takes_longer_than_any_limit_for_clients_arrives(impatient):
    slow = b"GET /slow?seconds=1.2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert exchange(impatient.port, slow).endswith(b"done\n")


@pytest.mark.slow
def test_an_idle_connection_outlives_the_pools_of_proxies_and_a_silent_one_does_not(shared_server):
    """With the real limits. Pools keep theirs for 60 s (nginx, AWS)."""
    with connect(shared_server.port) as kept, connect(shared_server.port) as silent:
        kept.sendall(HEALTH)
        assert read_until(kept, b"ok\n")
        time.sleep(63)
        kept.sendall(HEALTH)
        assert read_until(kept, b"ok\n")
        silent.settimeout(0.1)
        assert silent.recv(1) == b""
