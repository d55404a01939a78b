"""The Celery application that workers and beat start from: `celery -A config worker`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, platforms
from celery.beat import Service
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("deskline", task_cls="config.task:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def a_worker_reports(**_event: Any) -> None:
    _reports("worker")


@beat_init.connect
def beat_reports(**_event: Any) -> None:
    _reports("beat")


def _reports(kind: str) -> None:
    from authmethods import presence  # this module is imported before the applications are there

    presence.announce(kind)


@beat_init.connect
def end_between_two_ticks(sender: Service, **_event: Any) -> None:
    """Celery's own handler (5.7) closes the schedule and raises SystemExit wherever beat is; a driver that swallows
    that lets it go on, and the next tick fails (in 3 of 25 tries at a tick each 2 ms).
    """

    def end(_number: int, _frame: object) -> None:
        # No public way: stop() would write to the log, which the signal may have interrupted.
        sender._is_shutdown.set()  # type: ignore[attr-defined]

    platforms.signals.update(SIGTERM=end, SIGINT=end)
