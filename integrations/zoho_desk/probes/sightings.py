"""How long a write takes to be seen, by each way of looking at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from integrations.zoho_desk.probes.wire import Heard

SHORTEST, LONGEST, SLOWER = 0.25, 3.0, 1.5
"""Seconds between two rounds of looks; each pause is longer than the one before."""


@dataclass(frozen=True)
class Look:
    ask: Callable[[], Heard]
    sees: Callable[[Heard], bool]


@dataclass(frozen=True)
class Sighting:
    """When a record was first seen, in seconds after its write; None within the patience. `said` is the last answer."""

    seconds: float | None
    said: str
    ok: bool


def sightings(looks: Mapping[str, Look], patience: float) -> dict[str, Sighting]:
    """Look until every way has seen the record or was refused, or until `patience` seconds are over."""
    start, pause = time.monotonic(), SHORTEST
    found: dict[str, Sighting] = {}
    while True:
        for name, look in looks.items():
            if name not in found or (found[name].ok and found[name].seconds is None):
                heard = look.ask()
                seen = heard.ok and look.sees(heard)
                found[name] = Sighting(time.monotonic() - start if seen else None, heard.said, heard.ok)
        pending = any(one.ok and one.seconds is None for one in found.values())
        if not pending or time.monotonic() - start + pause > patience:
            return found
        time.sleep(pause)
        pause = min(pause * SLOWER, LONGEST)
