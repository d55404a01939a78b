"""Bodies as they come: packed, in pieces, cut off, without end, and slower than anybody may wait."""

from __future__ import annotations

import gzip
import time

import pytest

from integrations.errors import OutcomeUnknown
from tests.outbound.listener import answer, drip, listening
from tests.outbound.test_http import client_for

DRIPS_SECONDS = 20.0
"""How long an answer drips here: so far beyond its time limit that no stall of the machine is taken for it."""


def test_a_small_body_that_unpacks_to_a_huge_one_is_not_read():
    packed = gzip.compress(b"0" * 3_000_000)
    with listening(answer(packed, head="Content-Encoding: gzip\r\n")) as server, pytest.raises(OutcomeUnknown):
        client_for(server.url).send("GET", server.url)


def test_less_time_than_usual_is_for_the_body_too():
    """A refresh must end before its lease does, however slowly its answer drips."""
    with listening(drip) as server:
        client = client_for(server.url, read_seconds=30.0)
        start = time.monotonic()
        with pytest.raises(OutcomeUnknown, match="in time"):
            client.send("POST", server.url, form={"a": "1"}, read_seconds=0.3)
    assert time.monotonic() - start < DRIPS_SECONDS / 2


def chunked(body, *, whole=True, head=""):
    """The body in pieces, as Zoho sends it; not whole, the last piece of no bytes is missing."""

    def talk(connection):
        connection.request()
        pieces = b"".join(
            b"%x\r\n%s\r\n" % (len(body[at : at + 7]), body[at : at + 7]) for at in range(0, len(body), 7)
        )
        connection.sendall(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{head}\r\n".encode() + pieces)
        connection.sendall(b"0\r\n\r\n" if whole else b"")

    return talk


def test_an_answer_in_packed_pieces_is_put_together():
    body = b'{"data": [1, 2]}' + b" " * 5000
    with listening(chunked(gzip.compress(body), head="Content-Encoding: gzip\r\n")) as server:
        assert client_for(server.url).send("GET", server.url).body == body


def test_an_answer_in_pieces_whose_end_never_came_is_unknown_even_if_it_looks_whole():
    with listening(chunked(b'{"id": "1"}', whole=False)) as server, pytest.raises(OutcomeUnknown, match="broke"):
        client_for(server.url).send("POST", server.url, json={})


ENDLESS = {
    "a head that drips": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "answers that announce an answer": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "the size of a piece that drips": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers without end": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        b"X-More: of them\r\n",
    ),
}


@pytest.mark.parametrize(("begin", "again"), ENDLESS.values(), ids=ENDLESS)
def test_an_answer_without_end_holds_nobody_up_wherever_it_drips(begin, again):
    """A place in the pace and the lease of a refresh are held meanwhile: both must outlast any answer."""

    def talk(connection):
        connection.request()
        connection.sendall(begin)
        ends = time.monotonic() + DRIPS_SECONDS
        while time.monotonic() < ends:
            connection.sendall(again)
            time.sleep(0.02)

    with listening(talk) as server:
        client = client_for(server.url, read_seconds=0.2, body_seconds=0.2)
        start = time.monotonic()
        with pytest.raises(OutcomeUnknown, match="in time"):
            client.send("GET", server.url)
        with pytest.raises(OutcomeUnknown, match="in time"):
            client.send("POST", server.url, form={"a": "1"}, read_seconds=0.1)
        assert time.monotonic() - start < DRIPS_SECONDS / 2


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
FLOODS = {
    "answers that announce an answer": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "remarks on the size of a piece": (CHUNKED, b"1;%s\r\na\r\n" % (b"x" * 60_000)),
    "trailers": (CHUNKED + b"0\r\n", b"X-More: %s\r\n" % (b"x" * 60_000)),
    "a packed body of nothing": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n\x78\x9c",
        b"\0\0\0\xff\xff" * 10_000,
    ),
}


@pytest.mark.parametrize(("begin", "again"), FLOODS.values(), ids=FLOODS)
def test_an_answer_that_is_huge_before_it_is_a_body_is_not_read(begin, again):
    """Nothing of it would ever count as body, while it keeps a processor busy for as long as an answer may take."""

    def talk(connection):
        connection.request()
        connection.sendall(begin)
        while True:
            connection.sendall(again)

    with listening(talk) as server, pytest.raises(OutcomeUnknown, match="sent more than"):
        client_for(server.url, read_seconds=15.0, body_bytes=4096).send("GET", server.url)
