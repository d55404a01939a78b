"""What time is left once a connection has found its way: several addresses shared it, and not all of them needed it."""

from __future__ import annotations

import socket

import pytest

from integrations.errors import NotSent
from outbound import sockets
from outbound.http import Client
from tests.outbound.listener import answer, listening


class Watched(socket.socket):
    """Remembers how long it could wait while it was written to."""

    sending: float | None = None

    def sendall(self, *data):
        self.sending = self.gettimeout()
        super().sendall(*data)


@pytest.fixture
def opened(monkeypatch):
    """The sockets as they are opened. Every name leads four times to this machine: each has a quarter of the time."""
    found = []

    def connect(address, timeout, *_args):
        assert timeout <= 10.0
        found.append(Watched())
        found[-1].settimeout(timeout)
        found[-1].connect(address)
        return found[-1]

    here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: [here] * 4)
    monkeypatch.setattr(sockets, "create_connection", connect)
    return found


def ask(server, scheme):
    url = f"{scheme}://zoho.example:{server.port}/"
    client = Client(connect_seconds=40.0)
    client.trust(url)
    return client.send("POST", url, json={})


def test_a_request_may_be_written_for_as_long_as_a_connection_may_take(opened):
    with listening(answer()) as server:
        assert ask(server, "http").status == 200
    assert opened[0].sending == 40.0


def test_a_handshake_has_the_time_that_no_other_address_needs(opened):
    with listening(lambda connection: connection.sendall(b"no TLS")) as server, pytest.raises(NotSent, match="TLS"):
        ask(server, "https")
    assert 10.0 < opened[0].gettimeout() <= 40.0
