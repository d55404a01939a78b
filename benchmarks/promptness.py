"""How soon an accepted interaction is first attempted: rung for, found, with Redis down (goals, p95: 1, 5 and 5 s).

A real worker with 8 children, a real beat and the local Zoho at 50 ms; ten interactions a second, as from a busy
contact centre. First by the doorbell; then with this process's way to Redis cut, so that no ring arrives and only
beat's sweep finds the rows; then with Redis down for everybody, its first seconds included; then from the moment of
its return, with workers that have yet to notice. What an acceptance costs by the API, with Redis up and down, is told
beside it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

from benchmarks.delivery_rate import CUSTOMERS, LATENCY, parts, until_done

ACCEPTED, EVERY = 150, 0.1


def measure() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from interactions.engine import doorbell, sweep
    from tests.interactions.promise import post
    from tests.interactions.workers import Beat

    with tempfile.TemporaryDirectory() as name, parts(Path(name)) as (zoho, worker, valkey):
        post(CUSTOMERS, customers=CUSTOMERS)
        worker.start()
        until_done(sweep.sweep)
        zoho.stand_in.set_knobs(latency=LATENCY)
        beat = Beat(Path(name) / "datacentres.json", Path(name))
        beat.start()
        try:
            rung, accepted = _waits("rung")
            doorbell._Deafness.until = float("inf")
            found, _ = _waits("found")
            doorbell._Deafness.until = 0.0
            valkey.stop()
            alone, accepted_alone = _waits("alone")
            valkey.start()
            back, _ = _waits("back")
        finally:
            beat.kill()
    return {
        "rung for, median": statistics.median(rung),
        "rung for, p95": _p95(rung),
        "found by the sweep, p95": _p95(found),
        "Redis down, median": statistics.median(alone),
        "Redis down, p95": _p95(alone),
        "Redis down, longest": max(alone),
        "Redis back, p95": _p95(back),
        "a post, p95": _p95(accepted),
        "a post with Redis down, p95": _p95(accepted_alone),
    }


def _waits(source: str) -> tuple[list[float], list[float]]:
    """Seconds from each acceptance to its first attempt, once all are delivered; seconds of each acceptance."""
    from django.db.models import Min

    from interactions.models import Delivery

    post, accepted = _poster(source), []
    for number in range(ACCEPTED):
        began = time.perf_counter()
        post(number)
        accepted.append(time.perf_counter() - began)
        time.sleep(EVERY)
    until_done(lambda: None)
    rows = Delivery.objects.filter(interaction__source=source).annotate(first=Min("attempts__started_at"))
    times = rows.values_list("first", "interaction__created_at")
    return [(first - at).total_seconds() for first, at in times], accepted


def _poster(source: str) -> Callable[[int], None]:
    """Posts the interaction of that number, by the API."""
    from django.test import Client

    from interactions import keys
    from tests.interactions.steps import told

    _, text = keys.create(source, source)
    client = Client(headers={"Authorization": f"Bearer {text}"})

    def post(number: int) -> None:
        data = told(f"{number}", customer_phone=f"+336129900{number % CUSTOMERS:02d}", customer_name="Somebody")
        body = data.model_dump_json(exclude_unset=True)
        answer = client.post("/api/v1/interactions", body, content_type="application/json")
        assert answer.status_code == 201, answer.content

    return post


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
