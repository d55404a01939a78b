"""What an acceptance costs a source: single posts, lists of 500 that are new, and lists that are known already."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from django.test import Client

from benchmarks.figure import Figure
from benchmarks.stand import traffic
from benchmarks.stand.installation import Installation
from interactions.api import keys

SINGLE, LISTS, OF = 400, 8, 500


def measure(installation: Installation) -> Iterator[Figure]:
    _, text = keys.create("Telephone system", "measured")
    client = Client(headers={"Authorization": f"Bearer {text}"})

    def post(body: Any) -> float:
        """Seconds until the answer."""
        data = json.dumps(body)
        began = time.perf_counter()
        answer = client.post("/api/v1/interactions", data, content_type="application/json")
        assert answer.status_code in (200, 201), answer.content
        return time.perf_counter() - began

    post(_call("warm"))
    single = [post(_call(f"single-{number}")) for number in range(SINGLE)]
    yield Figure("a post, median", traffic.percentile(single, 0.5) * 1e3, "ms")
    yield Figure("a post, p95", traffic.percentile(single, 0.95) * 1e3, "ms", 10)
    lists = [[_call(f"list-{number}-{place}") for place in range(OF)] for number in range(LISTS)]
    busy, began = time.process_time(), time.perf_counter()
    new = sum(map(post, lists))
    busy = (time.process_time() - busy) / (time.perf_counter() - began)
    yield Figure(f"new, in lists of {OF}", LISTS * OF / new, "/s", 2_000, least=True)
    yield Figure("of that, this process' CPU", busy, "×")
    yield Figure(f"known, in lists of {OF}", LISTS * OF / sum(map(post, lists)), "/s", 2_000, least=True)


def _call(reference: str) -> dict[str, Any]:
    return traffic.interaction(reference, 1).model_dump(mode="json", exclude_unset=True)
