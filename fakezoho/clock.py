from __future__ import annotations

import re
import time
from datetime import UTC, datetime

# 2100-01-01T00:00:00Z: the digest knows no later timestamps.
END = 4_102_444_800.0
TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?Z")


class Clock:
    """Seconds since the epoch (UTC), plus whatever a test has added."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        """Raises ValueError beyond 2099, or for a step back: what expired must not live again."""
        if not 0 <= seconds <= END - self.now():
            raise ValueError("`advance` is how many seconds pass: 0 or more, and not beyond the year 2099.")
        self.ahead += seconds


def timestamp(at: float) -> str:
    """Write a moment as Zoho does: ``yyyy-MM-ddTHH:mm:ss.SSSZ``, UTC (docs/zoho-facts.md 4.1)."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def seconds_of(text: str) -> float:
    """Read a timestamp as Zoho takes it (4.1): UTC, milliseconds or none; raises ValueError on anything else."""
    if not TIMESTAMP.fullmatch(text):
        raise ValueError(f"{text!r} is no timestamp")
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
