"""Ending the sessions that a user has elsewhere."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from users.models import User


def end_all(user: User) -> int:
    """End every session of this user and give their number. It reads all sessions alive, so use it rarely."""
    live = Session.objects.filter(expire_date__gt=timezone.now())
    keys = [row.pk for row in live.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return Session.objects.filter(pk__in=keys).delete()[0]
