"""What a slow or failing connection costs the deliveries of another (goal: 10 % at most).

Two portals at two local Zohos. A real worker with 8 children delivers for one of them, whose requests take 50 ms:
alone; beside a backlog of the other while that takes 3 s for each request; and while that drops every request. The
other's trouble is known by then, as it is for all but its first seconds.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from benchmarks.delivery_rate import CUSTOMERS, LATENCY, parts

ROUNDS, DELIVERIES, BACKLOG, SECONDS_SLOW, KNOWN_AFTER = 4, 200, 200, 3.0, 12.0
OURS, OTHERS = "ours", "theirs"
"""The queues by which an interaction belongs to one of the two."""


def measure() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as name, parts(Path(name)) as (zoho, worker, _), _other(Path(name)) as other:
        worker.start()
        _post(OURS, CUSTOMERS)
        _seconds_each(CUSTOMERS)
        zoho.stand_in.set_knobs(latency=LATENCY)
        costs = {"a delivery, alone": _measured()}
        other.set_knobs(latency=SECONDS_SLOW)
        _post(OTHERS, BACKLOG)
        _sweep_for(KNOWN_AFTER)
        costs["beside a slow connection"] = _measured()
        other.set_knobs(latency=0.0)
        other.fault("drop_before", count=-1)
        _make_due()
        _sweep_for(KNOWN_AFTER)
        _make_due()
        return costs | {"beside a failing connection": _measured()}


@contextmanager
def _other(directory: Path) -> Iterator[Any]:
    """Another data centre with a portal of its own; rules give each of the two its queue."""
    from crm.models import CRM, Assignment
    from fakezoho.serve import StandIn
    from integrations.zoho_desk import datacentres
    from tests.interactions.promise import make_crm
    from tests.zoho import Zoho
    from users.models import User

    with StandIn(concurrency=0, credits=10_000_000) as stand_in:
        path = directory / "datacentres.json"
        table = json.loads(path.read_text())
        table["locations"]["us"] = stand_in.datacentres()["locations"]["us"]
        path.write_text(json.dumps(table))
        datacentres.extend(path)
        make_crm(Zoho(stand_in).method("globex", "Globex", by=User.objects.get()), "globex")
        for reference, queue in (("acme", OURS), ("globex", OTHERS)):
            crm = CRM.objects.get(reference=reference)
            Assignment.objects.filter(target__crm=crm).update(queues=[queue])
        yield stand_in


def _measured() -> float:
    """Seconds a delivery in the fastest round: a busy machine only adds."""
    rounds = []
    for _ in range(ROUNDS):
        _post(OURS, DELIVERIES)
        rounds.append(_seconds_each(DELIVERIES))
    return min(rounds)


def _post(queue: str, count: int) -> None:
    """Accepted in silence: the sweep rings for all of them at once."""
    from interactions.accept import accept
    from interactions.engine import doorbell
    from interactions.models import Interaction
    from tests.interactions.steps import told

    doorbell._Deafness.until = float("inf")
    start = Interaction.objects.count()
    for number in range(start, start + count):
        phone = f"+336129900{number % CUSTOMERS:02d}"
        accept("pbx", told(f"{number}", queue=queue, customer_phone=phone, customer_name="Somebody"))
    doorbell._Deafness.until = 0.0


def _seconds_each(count: int) -> float:
    """From the first ring to the last record of our own deliveries."""
    from interactions.models import Delivery, DeliveryState

    left = Delivery.objects.filter(interaction__queue=OURS).exclude(state=DeliveryState.DELIVERED)
    began = time.perf_counter()
    while left.exists():
        _sweep_for(0.1)
    return (time.perf_counter() - began) / count


def _sweep_for(seconds: float) -> None:
    """Instead of beat."""
    from interactions.engine import sweep

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sweep.ring_due()
        time.sleep(0.1)


def _make_due() -> None:
    """No wait of the other connection's own spares us its trouble."""
    from crm import clock
    from interactions.engine.claim import DUE
    from interactions.models import Delivery

    Delivery.objects.filter(interaction__queue=OTHERS, state__in=DUE).update(next_attempt_at=clock.now())
