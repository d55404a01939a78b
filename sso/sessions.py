"""How long the session of a sign-in lasts, and ending those that a user has elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from users.models import User

BEGUN_SECONDS = 600


def keep_briefly(request: HttpRequest) -> None:
    """For a sign-in that begins: its visitor is unknown, and may start one after the other and finish none."""
    if not request.user.is_authenticated:
        request.session.set_expiry(BEGUN_SECONDS)


@receiver(user_logged_in)
def keep_as_long_as_usual(request: HttpRequest, **_event: Any) -> None:
    """For a user who signed in, by whatever way: the session now lasts as long as every other."""
    request.session.set_expiry(None)


def end_all(user: User) -> int:
    """End every session of this user and give their number. It reads all sessions alive, so use it rarely."""
    live = Session.objects.filter(expire_date__gt=timezone.now())
    keys = [row.pk for row in live.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return Session.objects.filter(pk__in=keys).delete()[0]
