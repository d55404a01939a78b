"""Whether work was done lately, by workers or by beat in their place: being a process is not enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from interactions.engine.claim import DUE
from interactions.models import Attempt, Delivery

KEY = "interactions:heartbeat"
KEEP_SECONDS = 3600
CLOCKS_DIFFER = timedelta(minutes=1)
"""How far a worker's clock may be ahead; a sign of life from later would hide for as long that nobody is alive."""


def beat() -> None:
    """A worker has just finished a sweep."""
    cache.set(KEY, timezone.now().isoformat(), KEEP_SECONDS)


def latest() -> str | None:
    """When a worker last finished a sweep, by its own clock; None when nobody knows. Raises what the cache raises."""
    seen = cache.get(KEY)
    return seen if _moment(seen) else None


def age() -> timedelta | None:
    """How long ago a worker last finished a sweep; None when nobody knows. Raises what the cache raises."""
    seen = _moment(cache.get(KEY))
    return timezone.now() - seen if seen else None


def _moment(seen: object) -> datetime | None:
    """What a worker may have written: a moment that is not in the future, as far as clocks agree."""
    try:
        moment = datetime.fromisoformat(seen) if isinstance(seen, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and moment <= timezone.now() + CLOCKS_DIFFER else None


def deliveries_go_on(silence: timedelta) -> bool:
    """Whether anybody delivers, as the database tells: nothing is overdue by so much, or something was tried since."""
    since = timezone.now() - silence
    if not Delivery.objects.filter(state__in=DUE, next_attempt_at__lt=since).exists():
        return True
    newest = Attempt.objects.order_by("-pk").values_list("started_at", flat=True).first()
    return newest is not None and newest >= since
