"""What a slow or failing connection costs the deliveries of another: two portals, one worker of two children."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.stand import company, traffic
from benchmarks.stand.installation import KNOBS, Installation
from core import clock
from crm.models import CRM, Assignment
from fakezoho.serve import StandIn
from integrations.zoho_desk import datacentres
from interactions.models import Delivery
from interactions.queue import recovery
from interactions.queue.states import DUE

ROUNDS, DELIVERIES, BACKLOG = 5, 400, 400
LATENCY, SLOW, KNOWN_AFTER = 0.05, 3.0, 12.0
"""Seconds for a request, usual and slow; for so long the trouble lasts before we measure: later it is known."""
OURS, THEIRS = "ours", "theirs"


def measure(installation: Installation) -> Iterator[Figure]:
    with _other_portal(installation) as other:
        traffic.post(traffic.CUSTOMERS * 5, "warm", OURS)
        with installation.worker(concurrency=2):
            traffic.deliver("warm")
            installation.zoho.set_knobs(latency=LATENCY)
            alone = _fastest("alone")
            yield Figure("a delivery, alone", alone * 1e3, "ms")
            other.set_knobs(latency=SLOW)
            traffic.post(BACKLOG, "backlog", THEIRS)
            _sweep_for(KNOWN_AFTER)
            yield Figure("beside a connection that hangs", _fastest("slow") / alone, "×", 1.1)
            other.set_knobs(latency=0.0)
            other.fault("drop_before", count=-1)
            _make_due()
            _sweep_for(KNOWN_AFTER)
            _make_due()
            yield Figure("beside a connection that fails", _fastest("failing") / alone, "×", 1.1)


@contextmanager
def _other_portal(installation: Installation) -> Iterator[StandIn]:
    """At a data centre of its own; rules give each of the two portals its queue."""
    with StandIn(**KNOBS) as zoho:
        path = Path(os.environ["ZOHO_DATA_CENTRES"])
        table = json.loads(path.read_text())
        table["locations"]["us"] = zoho.datacentres()["locations"]["us"]
        path.write_text(json.dumps(table))
        datacentres.extend(path)
        company.connected(zoho, "us", "globex", "hank@globex.example")
        for reference, queue in (("acme", OURS), ("globex", THEIRS)):
            Assignment.objects.filter(target__crm=CRM.objects.get(reference=reference)).update(queues=[queue])
        yield zoho


def _fastest(name: str) -> float:
    """Seconds a delivery in the fastest round: a busy machine only adds."""
    rounds = []
    for number in range(ROUNDS):
        source = f"{name}-{number}"
        traffic.post(DELIVERIES, source, OURS)
        began = time.perf_counter()
        traffic.deliver(source)
        rounds.append((time.perf_counter() - began) / DELIVERIES)
    return min(rounds)


def _sweep_for(seconds: float) -> None:
    """Instead of beat."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        recovery.notify_due()
        time.sleep(0.1)


def _make_due() -> None:
    """No wait of the other connection's own spares us its trouble."""
    Delivery.objects.filter(interaction__queue=THEIRS, state__in=DUE).update(next_attempt_at=clock.now())
