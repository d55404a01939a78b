"""A vendor that takes 200 ms for each request and allows 15 at once (Professional): how much of that is used."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import redis

from benchmarks.figure import Figure
from benchmarks.stand import traffic
from benchmarks.stand.installation import Installation

AT_ONCE, LATENCY, DELIVERIES = 15, 0.2, 1_200


def measure(installation: Installation) -> Iterator[Figure]:
    method = installation.crm.method
    assert method is not None
    method.edition = "PROFESSIONAL"
    method.save(update_fields=["edition"])
    os.environ["PACE_SHARE"] = "1"
    traffic.post(traffic.CUSTOMERS * 5, "warm")
    with installation.worker():
        traffic.deliver("warm")
        installation.zoho.set_knobs(latency=LATENCY, edition="PROFESSIONAL", concurrency=AT_ONCE)
        _forget_people(installation)
        before = len(installation.zoho.journal())
        traffic.post(DELIVERIES, "measured")
        began = time.perf_counter()
        traffic.deliver("measured")
        rate = DELIVERIES / (time.perf_counter() - began)
    refused = sum(entry["status"] == 429 for entry in installation.zoho.journal(before))
    yield Figure("delivered", rate, "/s")
    yield Figure(f"of the ceiling of {AT_ONCE / LATENCY:.0f}/s", rate * LATENCY / AT_ONCE, "×", 0.95, least=True)
    yield Figure("answers 429", refused, "", 0)


def _forget_people(installation: Installation) -> None:
    """Somebody connected the portal a moment ago: for a minute one place would be kept for them."""
    server = redis.Redis.from_url(installation.valkey.connection_url)
    server.delete(*server.keys("pace:*:people"))
