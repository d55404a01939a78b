"""When a delivery is tried again, and how long a claim holds."""

from __future__ import annotations

import random
from datetime import timedelta

MINUTE, HOUR = 60, 3600
RETRIES_SECONDS = (5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 24 * HOUR)
"""Seconds after each failed attempt; about two days together. After the last one it is given up."""
LOOKS_SECONDS = (2, 5, 10, 20, 30, MINUTE, 2 * MINUTE, 5 * MINUTE)
"""Seconds between looks for a record that may have been written; the last one repeats."""
LEASE = timedelta(seconds=60)
"""How long a claim holds without a sign of life; longer than one request to a vendor can take."""
LEAST_LEASE = timedelta(seconds=30)
"""Nothing is begun on a claim with less time left."""
LONGEST_WAIT = timedelta(hours=24)
"""The longest that we wait at a vendor's request."""
SHARED_CARD_SECONDS = (2.0, 5.0)
"""Seconds to wait while another worker makes the same customer's card."""

FORM_OPEN_SECONDS = 12.0
"""Seconds between two looks whether an agent still has the form open; one that is left wakes the worker."""


def jittered(seconds: float) -> timedelta:
    """±20 %, so that what failed together does not come back together."""
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311


def retry(attempts_made: int) -> timedelta | None:
    """None when it was the last."""
    return jittered(RETRIES_SECONDS[attempts_made - 1]) if attempts_made <= len(RETRIES_SECONDS) else None


def look(looks_made: int) -> timedelta:
    """How long to wait after that many looks which found nothing."""
    return timedelta(seconds=LOOKS_SECONDS[min(looks_made, len(LOOKS_SECONDS) - 1)])


def form_open() -> timedelta:
    return jittered(FORM_OPEN_SECONDS)


def shared_card() -> timedelta:
    return timedelta(seconds=random.uniform(*SHARED_CARD_SECONDS))  # noqa: S311
