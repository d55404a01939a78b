"""What workers do for the users' room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.celery import app
from users.tasks import clear_sessions

pytestmark = pytest.mark.django_db


def test_sessions_that_ended_are_forgotten_and_the_others_stay() -> None:
    now = timezone.now()
    Session.objects.create(pk="ended", session_data="", expire_date=now - timedelta(seconds=1))
    Session.objects.create(pk="alive", session_data="", expire_date=now + timedelta(hours=1))
    clear_sessions()
    assert [session.pk for session in Session.objects.all()] == ["alive"]


def test_beat_asks_for_tasks_that_workers_know() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
