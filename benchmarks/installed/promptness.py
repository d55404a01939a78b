"""How soon a posted interaction is a record in a quiet system: woken, found by the sweep, with Redis down and back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

from django.db.models import F, Max
from django.test import Client

from benchmarks.figure import Figure
from benchmarks.stand import traffic
from benchmarks.stand.installation import Installation
from interactions.api import keys
from interactions.models import Delivery
from interactions.queue import wakeup

POSTS, EVERY, LATENCY = 100, 0.2, 0.05


def measure(installation: Installation) -> Iterator[Figure]:
    traffic.post(traffic.CUSTOMERS * 5, "warm")
    with installation.worker(concurrency=2), installation.beat():
        traffic.deliver("warm")
        installation.zoho.set_knobs(latency=LATENCY)
        woken, accepted = _waits("woken")
        yield Figure("from post to record, p95", traffic.percentile(woken, 0.95), "s", 0.5)
        yield Figure("a post, p95", traffic.percentile(accepted, 0.95) * 1e3, "ms", 10)
        with patch.object(wakeup, "notify_on_commit"):
            found, _ = _waits("found")
        yield Figure("found by the sweep alone, p95", traffic.percentile(found, 0.95), "s", 5)
        installation.valkey.stop()
        alone, accepted = _waits("alone")
        yield Figure("with Redis down, p95", traffic.percentile(alone, 0.95), "s", 0.9)
        yield Figure("a post with Redis down, p95", traffic.percentile(accepted, 0.95) * 1e3, "ms")
        installation.valkey.start()
        back, _ = _waits("back")
        yield Figure("since Redis is back, p95", traffic.percentile(back, 0.95), "s", 5)


def _waits(source: str) -> tuple[list[float], list[float]]:
    """Seconds from each acceptance to its record; seconds of each acceptance."""
    post, accepted = _poster(source), []
    for number in range(POSTS):
        began = time.perf_counter()
        post(number)
        accepted.append(time.perf_counter() - began)
        time.sleep(EVERY)
    traffic.deliver(source, step=lambda: None)
    rows = Delivery.objects.filter(interaction__source=source)
    waits = rows.annotate(wait=Max("attempts__finished_at") - F("interaction__created_at"))
    return [wait.total_seconds() for wait in waits.values_list("wait", flat=True)], accepted


def _poster(source: str) -> Callable[[int], None]:
    """Posts the interaction of that number, by the API."""
    _, text = keys.create(source, source)
    client = Client(headers={"Authorization": f"Bearer {text}"})

    def post(number: int) -> None:
        body = traffic.interaction(f"{number}", number).model_dump_json(exclude_unset=True)
        answer = client.post("/api/v1/interactions", body, content_type="application/json")
        assert answer.status_code == 201, answer.content

    return post
