"""All of `make run` on SQLite: from the first list of 500 posted until the last record is there, beside a bare loop."""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from benchmarks.figure import Figure
from benchmarks.stand.processes import running

INTERACTIONS, AT_ONCE, THREADS, CUSTOMERS = 5_000, 500, 8, 20
PORTS = ("PORT", "FAKEZOHO_PORT", "VALKEY_PORT")


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="deskline-") as name:
        os.environ.update({port: str(_free_port()) for port in PORTS}, VAR_DIR=name, DEMO_PASSWORD=secrets.token_hex(9))
        with running(["-m", "demo.stack"], Path(name) / "stack.log", os.environ, b"Ctrl-C ends everything"):
            yield from _measured(*_prepared())


def _prepared() -> tuple[str, requests.Session]:
    """The API's address, and a source's session. The demo's own steps configure all of it."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "demo.settings"
    django.setup()
    from demo.journey import assignment, credentials, integration, method, objects, sign_in, source
    from demo.journey.system import running as found
    from demo.journey.traveller import Traveller

    with found(lambda _line: None) as system:
        traveller = Traveller(system)
        traveller.sign_in()
        for step in (credentials, method, sign_in, integration, objects, assignment, source):
            step.run(traveller)
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {traveller.api_key}"
    return f"{system.url}/api/v1/interactions", session


def _measured(api: str, session: requests.Session) -> Iterator[Figure]:
    from benchmarks.stand import bare as yardstick
    from benchmarks.stand import traffic
    from crm.models import CRM

    _post(api, session, 0, CUSTOMERS)
    traffic.deliver("demo", step=_nothing)
    began = time.perf_counter()
    _post(api, session, CUSTOMERS, INTERACTIONS)
    accepted = INTERACTIONS / (time.perf_counter() - began)
    traffic.deliver("demo", step=_nothing)
    rate = INTERACTIONS / (time.perf_counter() - began)
    bare = yardstick.per_second(CRM.objects.get(), threads=THREADS, calls=INTERACTIONS)
    yield Figure("the bare loop", bare, "/s")
    yield Figure("accepted", accepted, "/s")
    yield Figure("from the first post to the last record", rate, "/s")
    yield Figure("beside the bare loop", rate / bare, "×", 0.3, least=True)


def _post(api: str, session: requests.Session, start: int, count: int) -> None:
    now = datetime.now(UTC).isoformat()
    for first in range(start, start + count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, start + count))
        session.post(api, json=[_call(number, now) for number in numbers], timeout=120).raise_for_status()


def _call(number: int, now: str) -> dict[str, Any]:
    return {
        "reference": f"bench-{number}", "flow": "voice", "direction": "inbound", "started_at": now, "ended_at": now,
        "customer_phone": f"+336129900{number % CUSTOMERS:02d}", "customer_name": f"Customer {number % CUSTOMERS}",
    }  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _nothing() -> None:
    """Beat is there."""
