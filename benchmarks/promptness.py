"""How soon an accepted interaction is first attempted: rung for, and found by the sweep (goals, p95: 1 s and 5 s).

A real worker with 8 children, a real beat and the local Zoho at 50 ms; ten interactions a second, as from a busy
contact centre. First by the doorbell; then with this process's way to Redis cut, so that no ring arrives and only
beat's sweep finds the rows. While Redis is away from everybody, nothing is attempted: counted from its return.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import django

from benchmarks.delivery_rate import CUSTOMERS, LATENCY, parts, until_done

ACCEPTED, EVERY, AWAY = 150, 0.1, 8.0


def measure() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.utils import timezone

    from interactions import doorbell, sweep
    from tests.interactions.promise import post

    with tempfile.TemporaryDirectory() as name, parts(Path(name)) as (zoho, worker, valkey):
        post(CUSTOMERS, customers=CUSTOMERS)
        worker.start()
        until_done(sweep.sweep)
        zoho.stand_in.set_knobs(latency=LATENCY)
        with _beat(Path(name)):
            by_ring = _waits("rung")
            doorbell._Deafness.until = float("inf")
            by_sweep = _waits("found")
            valkey.stop()
            _accept("away", int(AWAY / EVERY))
            valkey.start()
            back = timezone.now()
            after_redis = _first_attempts("away", since=back)
    return {
        "rung for, median": statistics.median(by_ring),
        "rung for, p95": _p95(by_ring),
        "found by the sweep, p95": _p95(by_sweep),
        "Redis back to first attempt, p95": _p95(after_redis),
    }


@contextmanager
def _beat(directory: Path) -> Iterator[None]:
    from tests.interactions.workers import ROOT, environment

    schedule = ["--schedule", str(directory / "schedule"), "--pidfile", ""]
    command = [sys.executable, "-m", "celery", "-A", "config", "beat", *schedule]
    with (directory / "beat.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(directory / "datacentres.json"), stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


def _waits(source: str) -> list[float]:
    _accept(source, ACCEPTED)
    return _first_attempts(source)


def _accept(source: str, count: int) -> None:
    from interactions.accept import accept
    from tests.interactions.steps import told

    for number in range(count):
        accept(
            source, told(f"{number}", customer_phone=f"+336129900{number % CUSTOMERS:02d}", customer_name="Somebody")
        )
        time.sleep(EVERY)


def _first_attempts(source: str, since: datetime | None = None) -> list[float]:
    """Seconds from each acceptance (or since then) to its first attempt, once all are delivered."""
    from django.db.models import Min

    from interactions.models import Delivery

    until_done(lambda: None)
    rows = Delivery.objects.filter(interaction__source=source).annotate(first=Min("attempts__started_at"))
    return [
        (first - (since or at)).total_seconds() for first, at in rows.values_list("first", "interaction__created_at")
    ]


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
