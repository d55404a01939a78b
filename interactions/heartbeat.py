"""Whether a worker did its work lately: being a process is not enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

KEY = "interactions:heartbeat"
KEEP_SECONDS = 3600


def beat() -> None:
    """A worker has just finished a sweep."""
    cache.set(KEY, timezone.now().isoformat(), KEEP_SECONDS)


def latest() -> str | None:
    """When a worker last finished a sweep, by its own clock; None when nobody knows. Raises what the cache raises."""
    seen: str | None = cache.get(KEY)
    return seen


def age() -> timedelta | None:
    """How long ago a worker last finished a sweep; None when nobody knows. Raises what the cache raises."""
    seen = latest()
    return timezone.now() - datetime.fromisoformat(seen) if seen else None
