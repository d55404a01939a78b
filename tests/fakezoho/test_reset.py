"""Nothing from before a reset, or of another request, comes after it."""

from __future__ import annotations

import fcntl
import json
import socket
import termios
import threading
import time

import pytest
import requests

from fakezoho.serve import StandIn
from tests.fakezoho.conftest import CALLBACK, authorize_query, post_call, until_asked


def message(method, path, body=b"", **headers):
    """A request as it goes over the wire."""
    lines = {"Host": "127.0.0.1", "Content-Length": str(len(body))} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def reading(desk, path, **headers):
    return message(
        "GET",
        "/eu/desk/api/v1" + path,
        Authorization=desk.headers["Authorization"],
        orgId=desk.headers["orgId"],
        **headers,
    )


@pytest.fixture
def connect(zoho):
    """New connections to the stand-in, closed at the end."""
    opened = []

    def to_it():
        opened.append(socket.create_connection(("127.0.0.1", zoho.port), timeout=5))
        return opened[-1]

    yield to_it
    for connection in opened:
        connection.close()


def send(connection, data):
    """Send, and wait until the machine has it on the other side, read or not."""
    connection.sendall(data)
    while any(fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0\0\0\0")):
        time.sleep(0)


def told(connection):
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


def over_a_reset(zoho, method, path, **more):
    """Have a request wait, reset the stand-in meanwhile, and see what the request is told."""
    answers = []
    zoho.fault("slow", method, path.partition("?")[0].split("/accounts")[-1], seconds=0.5)
    since = zoho.world.journal.count

    def ask():
        answers.append(requests.request(method, zoho.url + path, timeout=10, allow_redirects=False, **more))

    asking = threading.Thread(target=ask)
    asking.start()
    while zoho.world.journal.count == since:
        time.sleep(0.01)
    zoho.reset()
    asking.join()
    return answers[0]


def test_a_token_that_was_asked_for_before_a_reset_is_none_after_it(zoho, client):
    asked = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
    asked |= {"soid": "ZohoDesk.20098765431", "scope": "Desk.basic.READ"}
    answer = over_a_reset(zoho, "POST", "/eu/accounts/oauth/v2/token", data=asked)
    assert "access_token" in answer.json()
    assert zoho.world.centres["eu"].tokens == {}


def test_a_consent_that_was_begun_before_a_reset_leaves_no_code_after_it():
    with StandIn(auto_approve="ada@acme.example") as zoho:
        query = authorize_query(zoho.register(CALLBACK))
        answer = over_a_reset(zoho, "GET", f"/eu/accounts/oauth/v2/auth?{query}")
        assert "code=1000." in answer.headers["Location"]
        assert zoho.world.centres["eu"].codes == {}


def test_a_record_that_was_sent_before_a_reset_is_none_after_it(zoho, desk, new_call):
    zoho.set_knobs(latency=0.5)
    posting = threading.Thread(target=desk.post, args=("/calls",), kwargs={"json": new_call})
    posting.start()
    until_asked(zoho, "/calls")
    zoho.reset()
    posting.join()
    assert zoho.records("eu", "acme", "calls") == []


@pytest.mark.parametrize(
    ("path", "order"),
    [("/_standin/faults", {"fault": "500", "count": -1}), ("/_standin/clock", {"advance": 3600})],
)
def test_an_order_that_was_begun_before_a_reset_is_none_after_it(zoho, connect, path, order):
    whole = message("POST", path, json.dumps(order).encode(), Content_Type="application/json", Connection="close")
    connection = connect()
    send(connection, whole[:-5])
    requests.get(zoho.url + "/_standin/faults", timeout=5)
    zoho.reset()
    send(connection, whole[-5:])
    assert "200 OK" in told(connection)
    assert zoho.world.faults.ordered == []
    assert zoho.world.clock.ahead == 0


def test_a_request_that_was_sent_before_a_reset_is_not_journaled_after_it(zoho, desk, connect):
    for _ in range(20):
        connection = connect()
        send(connection, reading(desk, "/contacts", Connection="close"))
        zoho.reset()
        told(connection)
        assert zoho.journal() == []


def test_a_request_that_was_sent_before_a_fault_is_ordered_does_not_meet_it(zoho, desk, connect):
    for _ in range(20):
        connection = connect()
        send(connection, reading(desk, "/contacts", Connection="close"))
        zoho.fault("500", "GET", "/api/v1/contacts")
        assert "200 OK" in told(connection)
        assert desk.get("/contacts").status_code == 500


def test_a_request_that_was_sent_before_a_reset_over_http_is_not_journaled_after_it(zoho, desk, connect):
    for _ in range(20):
        resetting = connect()
        requests.get(f"{zoho.url}/datacentres.json", timeout=5)
        send(connect(), reading(desk, "/contacts"))
        send(resetting, message("POST", "/_standin/reset", Connection="close"))
        assert "200 OK" in told(resetting)
        assert zoho.journal() == []


def test_knobs_turned_for_a_request_leave_the_next_on_its_connection_alone(zoho, desk, new_call, connect):
    call = post_call(desk, new_call, description="x")
    zoho.fault("knobs", "GET", "/api/v1/calls/*", knobs={"html_descriptions": True, "latency": 0.2})
    connection, path = connect(), f"/calls/{call['id']}"
    send(connection, reading(desk, path) + reading(desk, path, Connection="close"))
    text = told(connection)
    assert text.count('"description":"<div>x</div>"') == 1
    assert text.count('"description":"x"') == 1


@pytest.mark.parametrize("fault", ["", "500", "lost_answer"])
def test_half_a_request_is_not_carried_out(zoho, desk, connect, fault):
    if fault:
        zoho.fault(fault, "POST", "/api/v1/contacts")
    before, connection = len(zoho.records("eu", "acme", "contacts")), connect()
    named = {"Authorization": desk.headers["Authorization"], "orgId": desk.headers["orgId"]}
    whole = message(
        "POST", "/eu/desk/api/v1/contacts", b'{"lastName": "Half"}     ', Content_Type="application/json", **named
    )
    send(connection, whole[:-5])
    until_asked(zoho, "/contacts")
    connection.close()
    while not zoho.journal()[-1]["seconds"]:
        time.sleep(0.01)
    entry = zoho.journal()[-1]
    assert (entry["method"], entry["status"], entry["note"]) == ("POST", 0, "the client hung up")
    assert len(zoho.records("eu", "acme", "contacts")) == before
