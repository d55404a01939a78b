"""Count attempts before the password is looked at, and in the database: bursts and access to Redis gain nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from users.models import Attempts, KnownPlace

WINDOW = timedelta(minutes=5)


def key(*parts: str) -> str:
    """Hide what something is kept under: whoever reads the table learns no name or address, not even by guessing."""
    return salted_hmac("users.attempts", "\n".join(parts), algorithm="sha256").hexdigest()


def take(limits: Mapping[str, int]) -> bool:
    """Count one attempt under each key. False, and nothing is counted, when one of them has none left."""
    taken: list[str] = []
    for name, most in limits.items():
        if not _take(name, most):
            give_back(taken)
            return False
        taken.append(name)
    return True


def give_back(keys: Iterable[str]) -> None:
    Attempts.objects.filter(pk__in=list(keys), count__gt=0).update(count=F("count") - 1)


def forget() -> None:
    for model in (Attempts, KnownPlace):
        model.objects.filter(ends_at__lte=timezone.now()).delete()


def _take(name: str, most: int) -> bool:
    now = timezone.now()
    own = Attempts.objects.filter(pk=name)
    if own.filter(ends_at__gt=now, count__gte=most).exists():  # a flood is refused without a write
        return False
    own.filter(ends_at__lte=now).delete()
    Attempts.objects.bulk_create([Attempts(key=name, ends_at=now + WINDOW)], ignore_conflicts=True)
    return own.filter(count__lt=most).update(count=F("count") + 1) == 1
