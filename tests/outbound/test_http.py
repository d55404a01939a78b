from __future__ import annotations

import socket
import threading
import time

import pytest

from integrations.errors import Misconfigured, NotSent, OutcomeUnknown
from outbound import sockets
from outbound.http import Answer, Client
from tests.outbound.forking import in_a_child
from tests.outbound.listener import answer, cut, drip, listening, silence


def client_for(url, **options):
    client = Client(**options)
    client.trust(url)
    return client


def resolving_to(monkeypatch, *addresses):
    """DNS as an attacker would set it up: the name leads wherever he likes."""
    tried = []
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answers)

    def connect(address, *_args, **_kwargs):
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(sockets, "create_connection", connect)
    return tried


def test_an_answer_holds_status_headers_and_body():
    with listening(answer(b'{"a": 1}', status="201 Created", head="X-Some: thing\r\n")) as server:
        got = client_for(server.url).send("GET", f"{server.url}/x", params={"q": "a b"}, headers={"orgId": "1"})
    assert (got.status, got.headers["x-some"], got.json()) == (201, "thing", {"a": 1})
    assert b"GET /x?q=a+b HTTP/1.1\r\n" in server.received
    assert b"orgId: 1\r\n" in server.received


def test_an_answer_shows_neither_body_nor_cookies_in_its_repr():
    assert "secret" not in repr(Answer(200, {"Set-Cookie": "secret"}, b"secret"))


@pytest.mark.parametrize(("kind", "text"), [("json", b'{"a": "b"}'), ("form", b"a=b")])
def test_a_body_is_sent_as_json_or_as_a_form(kind, text):
    def talk(connection):
        connection.request()
        connection.body(len(text))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with listening(talk) as server:
        client_for(server.url).send("POST", server.url, **{kind: {"a": "b"}})
    assert server.received.endswith(b"\r\n\r\n" + text)


def test_a_connection_is_kept_for_the_next_request_of_the_thread():
    with listening(answer()) as server:
        client = client_for(server.url)
        for _ in range(5):
            client.send("GET", server.url)
        assert server.connections == 1
        other = threading.Thread(target=client.send, args=("GET", server.url))
        other.start()
        other.join()
        assert server.connections == 2


def test_a_forked_child_opens_its_own_connection_and_leaves_its_parents_open():
    with listening(answer()) as server:
        client = client_for(server.url)
        client.send("GET", server.url)
        in_a_child(lambda: client.send("GET", server.url))
        assert server.connections == 2
        client.send("GET", server.url)
        assert server.connections == 2


def test_a_redirect_is_given_back_and_not_followed():
    with listening(answer(status="302 Found", head="Location: http://169.254.169.254/latest\r\n")) as server:
        got = client_for(server.url).send("GET", server.url)
    assert got.status == 302
    assert server.connections == 1


def test_a_cookie_of_one_customer_never_travels_with_another():
    with listening(answer(head="Set-Cookie: session=of-acme; Path=/\r\n")) as server:
        client = client_for(server.url)
        client.send("GET", server.url)
        client.send("GET", server.url)
    assert b"cookie" not in server.received.lower()


def test_proxies_and_netrc_of_the_environment_are_not_read(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with listening(answer()) as server:
        assert client_for(server.url).send("GET", server.url).status == 200
    assert b"authorization" not in server.received.lower()


def test_plain_http_is_only_for_addresses_that_the_operator_named():
    with listening(answer()) as server, pytest.raises(Misconfigured, match="https"):
        Client().send("GET", server.url)
    assert server.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.9", "0.0.0.0"])
def test_a_name_that_leads_inside_is_refused_before_a_socket_opens(monkeypatch, address):
    tried = resolving_to(monkeypatch, address)
    with pytest.raises(Misconfigured, match="private network"):
        Client().send("GET", "https://desk.zoho.eu/")
    assert tried == []


def test_a_name_that_leads_outside_and_inside_is_refused(monkeypatch):
    tried = resolving_to(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(Misconfigured):
        Client().send("GET", "https://desk.zoho.eu/")
    assert tried == []


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch):
    tried = resolving_to(monkeypatch, "8.8.8.8", "8.8.4.4")
    with pytest.raises(NotSent):
        Client().send("GET", "https://desk.zoho.eu/")
    assert tried == ["8.8.8.8", "8.8.4.4"]


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://2130706433/"]
)
def test_a_numeric_private_address_is_refused(url):
    with pytest.raises((Misconfigured, NotSent)) as caught:
        Client().send("GET", url)
    assert not isinstance(caught.value, NotSent) or "2130706433" in url


def test_trusting_one_port_does_not_trust_its_neighbour():
    with listening(answer()) as trusted, listening(answer()) as neighbour:
        client = client_for(trusted.url)
        assert client.send("GET", trusted.url).status == 200
        with pytest.raises(Misconfigured):
            client.send("GET", neighbour.url)
    assert neighbour.connections == 0


def test_a_refused_connection_is_not_sent():
    with listening(answer()) as server:
        url = server.url
    with pytest.raises(NotSent, match=r"\(connection refused\); nothing was sent. If it stays so, check"):
        client_for(url).send("POST", url, json={})


def test_many_dead_addresses_of_one_name_take_no_longer_than_one(monkeypatch):
    tried = resolving_to(monkeypatch, *(f"8.8.8.{at}" for at in range(40)))
    given = []

    def connect(address, timeout, *_args):
        tried.append(address[0])
        given.append(timeout)
        time.sleep(timeout)
        raise TimeoutError

    monkeypatch.setattr(sockets, "create_connection", connect)
    with pytest.raises(NotSent, match="no connection in time"):
        Client(connect_seconds=0.2).send("GET", "https://accounts.example")
    assert len(tried) == 4
    assert sum(given) < 0.25


@pytest.mark.parametrize(
    ("failure", "cause"),
    [(TimeoutError, "no connection in time"), (OSError, "no connection"), (UnicodeError, "no connection")],
)
def test_no_connection_is_told_with_its_cause(monkeypatch, failure, cause):
    resolving_to(monkeypatch, "8.8.8.8")

    def fail(*_args, **_kwargs):
        raise failure

    monkeypatch.setattr(sockets, "create_connection", fail)
    with pytest.raises(NotSent, match=rf"could not be reached \({cause}\); nothing was sent"):
        Client().send("POST", "https://desk.zoho.eu/", json={})


def test_an_unknown_name_is_not_sent(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent, match="name was not found"):
        Client().send("POST", "https://desk.zoho.zz/", json={})


def test_a_failed_tls_handshake_is_not_sent():
    def not_tls(connection):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listening(not_tls) as server:
        url = server.url.replace("http:", "https:")
        client = client_for(url)
        with pytest.raises(NotSent, match="TLS"):
            client.send("POST", url, json={"a": 1})
    assert b"POST" not in server.received


def test_one_request_may_be_given_less_time_than_usual():
    with listening(silence) as server:
        client = client_for(server.url, read_seconds=30.0)
        with pytest.raises(OutcomeUnknown, match="in time"):
            client.send("POST", server.url, form={"a": "1"}, read_seconds=0.2)


@pytest.mark.parametrize(
    ("talk", "words", "patience"),
    [
        (cut, "broke the connection", {}),
        (silence, "did not answer in time", {"read_seconds": 0.3}),
        (answer(b'{"half": ', length=400), "broke the connection", {}),
        (answer(b"x" * 5000), "sent more than", {}),
        (drip, "in time", {"read_seconds": 0.3, "body_seconds": 0.2}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_that_may_have_arrived_has_an_unknown_outcome(method, talk, words, patience):
    with listening(talk) as server:
        client = client_for(server.url, body_bytes=4096, **patience)
        with pytest.raises(OutcomeUnknown, match=words):
            client.send(method, server.url, json={"a": 1})
    assert server.received.count(b" HTTP/1.1") == server.connections == 1, "nothing is sent twice by itself"


def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew():
    closed = threading.Semaphore(0)

    def once(connection):
        connection.request()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        connection.close()
        closed.release()

    with listening(once) as server:
        client = client_for(server.url)
        for _ in range(3):
            assert client.send("POST", server.url, json={}).status == 200
            assert closed.acquire(timeout=10)
    assert server.connections == 3


def test_a_connection_that_was_idle_for_long_is_not_trusted_with_a_write(monkeypatch):
    with listening(answer()) as server:
        client = client_for(server.url)
        client.send("POST", server.url, json={})
        monkeypatch.setattr(sockets, "IDLE_SECONDS", 0.0)
        client.send("POST", server.url, json={})
    assert server.connections == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"orgId": "1\r\nX-Evil: 1"}},
        {"headers": {"Authorization": "Zoho-oauthtoken s\u0435cret"}},
        {"json": {"a": object()}},
        {"json": float("nan")},
        {"params": {"a": "\ud800"}},
    ],
    ids=["a line break in a header", "a letter that no header can hold", "no JSON", "no number", "half a character"],
)
def test_a_request_that_cannot_be_written_is_not_sent(wrong):
    with listening(answer()) as server, pytest.raises(Misconfigured, match="nothing was sent"):
        client_for(server.url).send("POST", server.url, **wrong)
    assert server.received == b""
