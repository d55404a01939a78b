"""Open streams, as a page that shows what happens now has one, cost no thread."""

from __future__ import annotations

import time

import pytest
import requests

from tests.config.server.clients import A_STREAM, connected, seconds_to_health

CALL = {"reference": "c-1", "flow": "voice", "direction": "inbound", "started_at": "2026-03-02T09:00:00Z"}


@pytest.mark.slow
def test_200_open_streams_go_on_while_a_call_is_posted(shared_server):
    with connected(shared_server.port, 200, A_STREAM) as streams:
        for stream in streams:
            assert b"tick" in _read_until(stream, b"tick")
        assert seconds_to_health(shared_server.port) < 1
        answer = requests.post(
            f"{shared_server.url}/api/v1/interactions",
            json=CALL,
            headers={"Authorization": f"Bearer {shared_server.key}"},
            timeout=10,
        )
        assert answer.status_code in (200, 201), answer.text
        for stream in streams:
            assert b"tick" in _read_until(stream, b"tick")


def _read_until(stream, wanted: bytes) -> bytes:
    stream.settimeout(5)
    got, deadline = b"", time.monotonic() + 10
    while wanted not in got and time.monotonic() < deadline:
        got += stream.recv(65536)
    return got
