"""Clients that send or read slowly, or nothing at all, hold nobody else up."""

from __future__ import annotations

import pytest

from tests.config.server.clients import (
    A_HUGE_PAGE,
    HALF_A_BODY,
    HALF_A_HEAD,
    MANY_PIECES,
    SILENT,
    connected,
    dripping,
    seconds_to_health,
    sipping,
)


def test_200_silent_connections_hold_nobody_up(shared_server):
    with connected(shared_server.port, 200, SILENT):
        assert seconds_to_health(shared_server.port) < 1


@pytest.mark.parametrize("beginning", [HALF_A_HEAD, HALF_A_BODY], ids=["head", "body"])
def test_20_unfinished_requests_hold_nobody_up(shared_server, beginning):
    with connected(shared_server.port, 20, beginning):
        assert seconds_to_health(shared_server.port) < 1


@pytest.mark.parametrize("wish", [A_HUGE_PAGE, MANY_PIECES], ids=["whole", "pieces"])
def test_20_who_hardly_read_their_answers_hold_nobody_up(shared_server, wish):
    with connected(shared_server.port, 20, wish, narrow=True) as readers, sipping(*readers):
        assert seconds_to_health(shared_server.port) < 1


def test_1000_idle_and_200_dripping_connections_hold_nobody_up(shared_server):
    port = shared_server.port
    with (
        connected(port, 1000, SILENT),
        connected(port, 90, HALF_A_HEAD) as heads,
        connected(port, 90, HALF_A_BODY) as bodies,
        connected(port, 20, A_HUGE_PAGE, narrow=True) as readers,
        dripping(*heads, *bodies),
        sipping(*readers),
    ):
        assert max(seconds_to_health(port, 3) for _ in range(3)) < 1
