"""What no browser sends: two readings of one request, headers that pose as others, heads without end."""

from __future__ import annotations

import json
import time

import pytest

from tests.config.server.clients import connect, exchange

POST = b"POST /told HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /told HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
SECOND = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def told(answer: bytes):
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    return json.loads(answer.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
        POST + b"Content-Length: 4\r\nContent-Length: 90\r\n\r\nabcd" + SECOND,
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SECOND,
        POST + b"Content-Length : 4\r\n\r\nabcd" + SECOND,
        POST + b"Content-Length: +4\r\n\r\nabcd" + SECOND,
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n" + SECOND,
        POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n" + SECOND,
        GET + b"X-A: b\r\n c\r\n\r\n" + SECOND,
        GET + b"X-A: b\x00c\r\n\r\n" + SECOND,
        b"GET /told HTTP/1.1\nHost: localhost\n\n" + SECOND,
        b"GET /t\xe4 HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND,
        b"GET /told HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a browser that speaks TLS",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_and_ends_the_connection(shared_server, sent):
    answer = exchange(shared_server.port, sent)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_what_asks_for_another_protocol_ends_the_connection(shared_server):
    upgrade = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    answer = exchange(shared_server.port, upgrade + SECOND)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_nothing_is_written_into_the_middle_of_an_answer_under_way(shared_server):
    slow = b"GET /slow?seconds=0.3 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = exchange(shared_server.port, slow + b"\x00 no request\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\ndone\n")


@pytest.mark.parametrize(("sent", "least", "most"), [(50, 51, 51), (20_000, 0, 200)])
def test_requests_that_wait_for_an_earlier_ones_answer_are_few(shared_server, sent, least, most):
    """Each takes 100 times the memory of its 30 bytes, and nobody who sends them has read an answer yet."""
    answers = exchange(shared_server.port, b"GET /healthz HTTP/1.1\r\nHost:localhost\r\n\r\n" * sent + GET + b"\r\n")
    assert least <= answers.count(b"HTTP/1.1 200 ") <= most


def test_who_leaves_several_requests_behind_leaves_no_failure_in_the_log(shared_server):
    with shared_server.without_a_failure():
        with connect(shared_server.port) as connection:
            connection.sendall(b"GET /slow?seconds=0.3 HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND)
            time.sleep(0.1)
        time.sleep(0.8)


@pytest.mark.parametrize("many", [b"X: " + b"a" * 40_000, b"X: a\r\n" * 10_000, b"X: " + b"a" * 5_000_000])
def test_a_head_that_is_too_large_is_refused(shared_server, many):
    answer = exchange(shared_server.port, GET + many + b"\r\n\r\n")
    assert not answer or answer.startswith(b"HTTP/1.1 431 ")  # the client may still be writing when it is refused
    assert not answer.startswith(b"HTTP/1.1 200 ")


def test_a_head_of_many_small_headers_is_refused_before_its_end(shared_server):
    """Each takes some 30 times its bytes of memory, for as long as the rest is waited for."""
    began = time.monotonic()
    assert exchange(shared_server.port, GET + b"a:\r\n" * 1_000).startswith(b"HTTP/1.1 431 ")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "odd", [b'Cookie: a="' + b"\\" * 30_000 + b'"', b'Content-Type: text/plain; a="' + b";" * 30_000]
)
def test_a_header_whose_reading_takes_long_is_refused_unread(shared_server, odd):
    """Python before 3.11.10 reads the first, and Django the second, in time that grows with the square of its length:
    several seconds at 64 kB.
    """
    answer = exchange(shared_server.port, GET + odd + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 431 ")


def test_a_large_head_that_browsers_do_send_is_taken(shared_server):
    cookie, referrer = b"Cookie: a=" + b"b" * 8_000 + b"\r\n", b"Referer: http://localhost/" + b"c" * 8_000 + b"\r\n"
    assert told(exchange(shared_server.port, GET + cookie + referrer + b"\r\n"))


def test_nobody_passes_for_a_trusted_proxy(shared_server):
    posing = (
        b"X_Forwarded_For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\nX-Forwarded-Proto: https\r\nForwarded: for=3.3.3.3"
    )
    seen = told(exchange(shared_server.port, GET + posing + b"\r\n\r\n"))
    assert (seen["address"], seen["scheme"]) == ("127.0.0.1", "http")
    assert seen["headers"]["X-Forwarded-For"] == "2.2.2.2"


CHUNKED = POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"


def test_what_follows_a_body_is_taken_for_no_header(shared_server):
    """Some proxies pass a client's trailers on: behind them it would choose the address that it comes from."""
    trailers = b"X-Forwarded-For: 1.1.1.1\r\nCookie: a=b\r\nX-A: " + b"c" * 20_000 + b"\r\n"
    seen = told(exchange(shared_server.port, CHUNKED + b"0\r\n" + trailers + b"\r\n"))
    assert seen["body"] == 3
    assert not {"X-Forwarded-For", "Cookie", "X-A"} & seen["headers"].keys()


@pytest.mark.parametrize("piece", [b"a" * 50_000, b"a:b\r\n" * 10_000], ids=["one", "many"])
def test_what_follows_a_body_without_end_is_not_kept(shared_server, piece):
    """Else a stranger fills the memory with it within the time that a body may take."""
    assert exchange(shared_server.port, CHUNKED + b"0\r\nX: " + piece * 200) == b""


def test_the_answer_does_not_tell_which_server_it_is(shared_server):
    head = exchange(shared_server.port, GET + b"\r\n").partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nserver:" not in head
    assert head.count(b"\r\ndate:") == 1


def test_the_log_holds_no_address_that_was_asked_for(shared_server):
    exchange(
        shared_server.port, b"GET /told?phone=+33612345678 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    assert "33612345678" not in shared_server.log.read_text()
