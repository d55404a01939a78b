"""Bodies: in whatever pieces they come, complete before they cost a thread, and never too large."""

from __future__ import annotations

import json

import pytest
import requests

from tests.config.server.clients import connect, connected, exchange
from tests.demo.running import wait_for

TOO_LARGE = 5 * 1024 * 1024


def chunks(total: int):
    for _ in range(total // 1024):
        yield b" " * 1024


@pytest.mark.parametrize("size", [0, 10, 300_000])
def test_a_body_in_chunks_arrives_with_its_length(shared_server, size):
    pieces = iter([b"a" * size] if size else [])
    seen = requests.post(f"{shared_server.url}/told", data=pieces, timeout=10).json()
    assert (seen["body"], seen["length"]) == (size, str(size))


def test_a_list_that_is_posted_in_chunks_is_kept(shared_server):
    calls = [
        {"reference": f"in-chunks-{n}", "flow": "voice", "direction": "inbound", "started_at": "2026-03-02T09:00:00Z"}
        for n in range(100)
    ]
    answer = requests.post(
        f"{shared_server.url}/api/v1/interactions",
        data=iter([json.dumps(calls).encode()]),
        headers={"Authorization": f"Bearer {shared_server.key}", "Content-Type": "application/json"},
        timeout=20,
    )
    assert answer.status_code in (200, 201), answer.text
    assert len(answer.json()) == 100


@pytest.mark.parametrize("body", [b" " * TOO_LARGE, chunks(TOO_LARGE)], ids=["declared", "in-chunks"])
def test_a_body_that_is_too_large_is_refused_in_the_form_of_the_api(shared_server, body):
    answer = requests.post(f"{shared_server.url}/api/v1/interactions", data=body, timeout=10)
    assert answer.status_code == 413
    (problem,) = answer.json()["detail"]
    assert problem["field"] == "body"
    assert "2097152 bytes" in problem["message"]


@pytest.mark.parametrize("body", [b" " * TOO_LARGE, chunks(TOO_LARGE)], ids=["declared", "in-chunks"])
def test_a_person_reads_on_a_page_that_it_is_too_large(shared_server, body):
    answer = requests.post(f"{shared_server.url}/told", data=body, timeout=10)
    assert answer.status_code == 413
    assert "<h1>This is too large</h1>" in answer.text


def test_who_asks_first_is_told_to_go_on_or_refused_before_he_sends(shared_server):
    ask = b"POST /told HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: "
    with connect(shared_server.port) as connection:
        connection.sendall(ask + b"4\r\n\r\n")
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abcd")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    with connect(shared_server.port) as connection:
        connection.sendall(ask + b"99999999\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_who_leaves_in_the_middle_of_a_body_leaves_nothing_behind(shared_server):
    with shared_server.without_a_failure():
        for _ in range(30):
            with connect(shared_server.port) as connection:
                connection.sendall(b"POST /told HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        answer = exchange(shared_server.port, b"GET /told HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")


def test_bodies_that_never_end_do_not_fill_the_memory_and_the_disk(shared_server):
    """The server of these tests holds 8 MB of them at a time."""
    head = b"POST /api/v1/interactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n"

    def post() -> requests.Response:
        return requests.post(f"{shared_server.url}/told", data=b" " * 1_900_000, timeout=10)

    with connected(shared_server.port, 40, head + b" " * 400_000):  # those for which there is no room are refused
        wait_for(lambda: post().status_code == 503)  # once what they sent was read
        answer = post()
        assert answer.headers["Retry-After"] == "60"
        assert "<h1>Deskline is very busy</h1>" in answer.text
    wait_for(lambda: post().status_code == 200)
