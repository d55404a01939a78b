"""One worker at a time fills all slots of a connection. The place ends soon after its worker; losing it costs no
delivery.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.core.cache import cache

LEASE_SECONDS = 10
RENEW_SECONDS = 2.0


@contextmanager
def place(method_id: int | None) -> Iterator[Callable[[], None] | None]:
    """None when another has it, else what keeps it: to be called again and again."""
    key, mine = f"interactions:drain:{method_id or 'local'}", secrets.token_hex(8)
    if not cache.add(key, mine, LEASE_SECONDS):
        yield None
        return
    renewed = time.monotonic()

    def keep() -> None:
        nonlocal renewed
        if time.monotonic() - renewed >= RENEW_SECONDS:
            renewed = time.monotonic()
            with suppress(Exception):  # the cache's libraries raise many kinds, and a delivery needs none of them
                cache.set(key, mine, LEASE_SECONDS)

    try:
        yield keep
    finally:
        with suppress(Exception):
            if cache.get(key) == mine:
                cache.delete(key)
