"""The stand-in's own time, which tests may move forward without waiting."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch (UTC), plus whatever a test has added."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds


def timestamp(at: float) -> str:
    """Zoho's way of writing a moment: ``yyyy-MM-ddTHH:mm:ss.SSSZ``, UTC (ZOHO.md 4.1)."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def seconds_of(text: str) -> float:
    """Read a timestamp of :func:`timestamp`; raises ValueError on anything else."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
