"""Forms in encodings that no browser sends: a stranger chooses what reads them, before anybody asks who he is."""

from __future__ import annotations

import time

import pytest

from tests.config.server.clients import exchange

TOKEN = b"a" * 32
SECONDS = 3


def form(kind: bytes, body: bytes, path: bytes = b"/maker/login/") -> bytes:
    """As a stranger sends it who has a page's token."""
    return b"\r\n".join(
        [
            b"POST " + path + b" HTTP/1.1",
            b"Host: localhost",
            b"Connection: close",
            b"Cookie: deskline_csrf=" + TOKEN,
            b"Content-Type: " + kind,
            b"Content-Length: %d" % len(body),
            b"",
            body,
        ]
    )


def multipart(**fields: bytes) -> bytes:
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in fields.items()
    )
    return b"".join(parts) + b"--x--\r\n"


def test_a_form_in_an_encoding_that_takes_long_to_read_holds_nobody_up(shared_server):
    """Python reads punycode in time that grows with the square of its length: minutes at 500 kB."""
    name = b"a" * 250_000 + b"-" + b"9" * 250_000
    began = time.monotonic()
    exchange(shared_server.port, form(b"multipart/form-data; boundary=x; charset=punycode", multipart(username=name)))
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize(
    "charset", [b"zlib", b"rot13", b"undefined", b"idna", b"punycode", b"utf-16", b"utf-8-sig", b"1"]
)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"multipart/form-data; boundary=x", multipart(csrfmiddlewaretoken=TOKEN, username=b"a-\xff")),
        (b"application/x-www-form-urlencoded", b"csrfmiddlewaretoken=" + TOKEN + b"&username=a-%ff"),
    ],
    ids=["multipart", "urlencoded"],
)
def test_whatever_encoding_a_form_names_it_is_read_as_our_pages_send_it(shared_server, charset, kind, body):
    with shared_server.without_a_failure():
        answer = exchange(shared_server.port, form(kind + b"; charset=" + charset, body))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"csrfmiddlewaretoken" in answer


@pytest.mark.parametrize(
    "kind",
    [
        b"text/plain; a*=foo''%41",
        b"text/plain; charset*=utf-8''%00",
        b"multipart/form-data; boundary*=foo''x",
        b"multipart/form-data; boundary=x; a*=undefined''%41",
    ],
)
def test_a_kind_of_body_that_cannot_be_read_is_no_failure_of_ours(shared_server, kind):
    with shared_server.without_a_failure():
        answer = exchange(shared_server.port, form(kind, multipart(username=b"a")))
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 403 "))


@pytest.mark.parametrize("path", [b"/maker/login/", b"/api/v1/interactions", b"/healthz"])
def test_a_query_of_many_fields_beside_an_encoding_is_no_failure_of_ours(shared_server, path):
    with shared_server.without_a_failure():
        answer = exchange(shared_server.port, form(b"text/plain; charset=utf-8", b"", path + b"?" + b"a&" * 2_000))
    assert answer.startswith(b"HTTP/1.1 4")
