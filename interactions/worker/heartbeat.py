from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from core import clock
from interactions.models import Attempt, Delivery
from interactions.queue.states import DUE

KEY = "interactions:heartbeat"
KEEP_SECONDS = 3600
CLOCKS_DIFFER = timedelta(minutes=1)
"""A sign of life from later than this somebody else wrote: it would hide for as long that nobody is alive."""


def beat() -> None:
    """A worker has just finished a sweep. By the database's clock: whoever reads it may have no database just now."""
    cache.set(KEY, clock.now().isoformat(), KEEP_SECONDS)


def latest() -> str | None:
    """None when nobody knows. Raises what the cache raises."""
    seen = cache.get(KEY)
    return seen if _moment(seen) else None


def age() -> timedelta | None:
    """None when nobody knows. Raises what the cache raises."""
    seen = _moment(cache.get(KEY))
    return timezone.now() - seen if seen else None


def _moment(seen: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(seen) if isinstance(seen, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and moment <= timezone.now() + CLOCKS_DIFFER else None


def deliveries_go_on(silence: timedelta) -> bool:
    """Whether anybody delivers, as the database tells: nothing is overdue by so much, or something was tried since."""
    since = clock.now() - silence
    if not Delivery.objects.filter(state__in=DUE, next_attempt_at__lt=since).exists():
        return True
    newest = Attempt.objects.order_by("-pk").values_list("started_at", flat=True).first()
    return newest is not None and newest >= since
