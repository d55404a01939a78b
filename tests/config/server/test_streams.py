"""Open streams, as a page that shows what happens now has one, cost no thread."""

from __future__ import annotations

import time

import pytest
import requests

from tests.config.server.clients import A_STREAM, connected, exchange, read_until, seconds_to_health

CALL = {"reference": "c-1", "flow": "voice", "direction": "inbound", "started_at": "2026-03-02T09:00:00Z"}


def test_200_open_streams_go_on_while_a_call_is_posted(shared_server):
    with connected(shared_server.port, 200, A_STREAM) as streams:
        for stream in streams:
            assert read_until(stream, b"tick")
        assert seconds_to_health(shared_server.port) < 1
        answer = requests.post(
            f"{shared_server.url}/api/v1/interactions",
            json=CALL,
            headers={"Authorization": f"Bearer {shared_server.key}"},
            timeout=10,
        )
        assert answer.status_code in (200, 201), answer.text
        for stream in streams:
            assert read_until(stream, b"tick")


@pytest.mark.parametrize("address", [b"/stream", b"/plain-stream"])
def test_a_stream_ends_when_its_client_leaves(shared_server, address):
    before = _told(shared_server)["closed"]
    with shared_server.without_a_failure():
        with connected(shared_server.port, 5, A_STREAM.replace(b"/stream", address)) as streams:
            for stream in streams:
                read_until(stream, b"tick")
        deadline = time.monotonic() + 10
        while _told(shared_server)["closed"] < before + 5:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_proxy_passes_on_each_event_at_once(shared_server):
    with requests.get(f"{shared_server.url}/stream", stream=True, timeout=5) as answer:
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert next(answer.iter_content(100)) == b"data: tick\n\n"


def test_the_head_of_a_stream_alone_ends_at_once(shared_server):
    head = exchange(shared_server.port, b"HEAD /stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert head.endswith(b"\r\n\r\n")


def test_what_comes_in_ordinary_pieces_arrives_whole(shared_server):
    assert len(requests.get(f"{shared_server.url}/pieces", timeout=20).content) == 20 * 1024 * 1024


def _told(server):
    return requests.get(f"{server.url}/told", timeout=5).json()
