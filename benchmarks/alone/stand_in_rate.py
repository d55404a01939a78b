"""What a request costs the local Zoho in CPU, holding 5,000 contacts and as many calls (goal: under 1,000 µs each).

The stand-in runs as a process of its own, as in the other benchmarks, and tells its own CPU time: what the asking side
costs is not in the figures. At 1,000 µs it serves 1,000 requests a second on one core, which is far more than
any of the other benchmarks ask of it: it is never what they measure.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import count
from multiprocessing.connection import Connection as Pipe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.figure import Figure
from fakezoho.serve import StandIn

GOAL_MICROSECONDS = 1_000
HELD, ROUNDS, CALLS = 5_000, 8, 100
REDIRECT = "http://127.0.0.1/callback"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Request = tuple[str, str, str, dict[str, str]]
"""Method, path, body and headers."""


def serve(pipe: Pipe) -> None:
    """The local Zoho without limits that would refuse; tells its CPU time whenever it is asked."""
    with StandIn(concurrency=0, credits=100_000_000, tokens_per_window=0) as zoho:
        client = zoho.register(REDIRECT)
        scope = "Desk.calls.ALL,Desk.contacts.ALL,Desk.search.READ,Desk.basic.READ"
        asked = {"response_type": "code", "client_id": client.id, "redirect_uri": REDIRECT, "scope": scope}
        query = urlencode(asked | {"access_type": "offline", "prompt": "consent"})
        back = [zoho.approve(query, "ada@acme.example", "acme") for _ in range(2)]
        codes = [dict(parse_qsl(urlsplit(address).query))["code"] for address in back]
        department = zoho.records("eu", "acme", "departments")[0]["id"]
        pipe.send((zoho.port, client.id, client.secret, codes, department))
        while pipe.recv() == "cpu":
            pipe.send(time.process_time())


class Asking:
    """One keep-alive connection to the stand-in; every answer is read whole and must be a success."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        port, client_id, secret, codes, self.department = pipe.recv()
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.app = {"client_id": client_id, "client_secret": secret}
        # Two consents, since refreshing one of them ends its earlier access tokens.
        granted, other = (
            self.token({"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code": code}) for code in codes
        )
        self.refresh_token = other["refresh_token"]
        token = f"Zoho-oauthtoken {granted['access_token']}"
        self.headers = {"Authorization": token, "orgId": "20098765431", "Content-Type": "application/json"}

    def send(self, request: Request) -> Any:
        method, path, body, headers = request
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return json.loads(content)

    def token(self, values: dict[str, str]) -> Any:
        return self.send(("POST", "/eu/accounts/oauth/v2/token", urlencode(values | self.app), FORM))

    def desk(self, method: str, path: str, body: dict[str, Any] | None = None) -> Request:
        return method, f"/eu/desk/api/v1{path}", json.dumps(body) if body else "", self.headers

    def cost(self, requests: list[Request]) -> float:
        """CPU seconds of the stand-in for each of these requests."""
        self.pipe.send("cpu")
        before = self.pipe.recv()
        for request in requests:
            self.send(request)
        self.pipe.send("cpu")
        return float(self.pipe.recv() - before) / len(requests)


def contact(number: int) -> dict[str, Any]:
    return {
        "firstName": f"First{number}",
        "lastName": f"Last {number % 700}",
        "email": f"caller{number}@company{number % 90}.example",
        "phone": f"+33 1 {40_000_000 + number * 7_919 % 50_000_000:08d}",
    }


def call(number: int, contact_id: str, department: str) -> dict[str, Any]:
    marker = f"DL-{number * 2_654_435_761 % 4_294_967_296:08X}"
    return {
        "contactId": contact_id, "departmentId": department, "subject": f"Call from +33 1 {number:08d} [{marker}]",
        "startTime": "2026-11-23T09:30:00.000Z", "direction": "inbound", "duration": "60", "status": "Completed",
        "description": "Answered by Ada after 12 seconds.", "cf": {"cf_deskline_marker": marker},
    }  # fmt: skip


def ways(asking: Asking, contacts: list[str], calls: list[str]) -> dict[str, Callable[[int], Request]]:
    """Each kind of request as the client sends it, by a number that makes each another one."""
    desk, fresh = asking.desk, count(HELD)

    def search(module: str, **query: str) -> Request:
        return desk("GET", f"/{module}/search?{urlencode(query | {'limit': '100'})}")

    def marker(number: int) -> str:
        return str(call(number, "", "")["cf"]["cf_deskline_marker"])

    def phone(number: int) -> str:
        return str(contact(number)["phone"])[-8:]

    newest = f"/calls?departmentId={asking.department}&sortBy=-createdTime&limit="
    refreshed = urlencode({"grant_type": "refresh_token", "refresh_token": asking.refresh_token} | asking.app)
    return {
        "create a contact": lambda _: desk("POST", "/contacts", contact(next(fresh))),
        "create a call": lambda n: desk("POST", "/calls", call(next(fresh), contacts[n], asking.department)),
        "read a contact": lambda n: desk("GET", f"/contacts/{contacts[n]}"),
        "read a call": lambda n: desk("GET", f"/calls/{calls[n]}"),
        "update a contact": lambda n: desk("PATCH", f"/contacts/{contacts[n]}", {"mobile": f"+33 6 {n:08d}"}),
        "update a call": lambda n: desk("PATCH", f"/calls/{calls[n]}", {"description": f"Changed {n}."}),
        "list the 10 newest calls": lambda _: desk("GET", newest + "10"),
        "list the 100 newest calls": lambda _: desk("GET", newest + "100"),
        "search by phone, leading *": lambda n: search("contacts", phone=f"*{phone(n)}", sortBy="-modifiedTime"),
        "search by e-mail": lambda n: search("contacts", email=contact(n)["email"]),
        "search by marker, subject": lambda n: search("calls", subject=f"*{marker(n)}*"),
        "search by marker, own field": lambda n: search("calls", customField1=f"cf_deskline_marker:{marker(n)}"),
        "list organizations": lambda _: desk("GET", "/organizations"),
        "refresh a token": lambda _: ("POST", "/eu/accounts/oauth/v2/token", refreshed, FORM),
    }


def filled(asking: Asking) -> tuple[list[str], list[str]]:
    """The ids of the contacts and calls that it then holds."""
    contacts = [str(asking.send(asking.desk("POST", "/contacts", contact(n)))["id"]) for n in range(HELD)]
    written = (asking.desk("POST", "/calls", call(n, contacts[n], asking.department)) for n in range(HELD))
    return contacts, [str(asking.send(request)["id"]) for request in written]


def rounds() -> Iterator[range]:
    """Which of the records each round asks for, spread over all of them."""
    for number in range(ROUNDS):
        yield range(number, HELD, HELD // CALLS)


def measure() -> Iterator[Figure]:
    """Of each kind of request, in its fastest round."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    asking = Asking(ours)
    kinds = ways(asking, *filled(asking))
    best = dict.fromkeys(kinds, float("inf"))
    for numbers in rounds():
        for name, request in kinds.items():
            best[name] = min(best[name], asking.cost([request(number) for number in numbers]))
    ours.send("stop")
    process.join(10)
    for name, seconds in best.items():
        yield Figure(name, seconds * 1e6, "µs", GOAL_MICROSECONDS)
