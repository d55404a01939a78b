"""Whether work was done lately, by workers or by beat in their place: being a process is not enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from interactions.engine.claim import DUE
from interactions.models import Attempt, Delivery

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


def deliveries_go_on(silence: timedelta) -> bool:
    """Whether anybody delivers, as the database tells: nothing is overdue by so much, or something was tried since."""
    since = timezone.now() - silence
    if not Delivery.objects.filter(state__in=DUE, next_attempt_at__lt=since).exists():
        return True
    newest = Attempt.objects.order_by("-pk").values_list("started_at", flat=True).first()
    return newest is not None and newest >= since
