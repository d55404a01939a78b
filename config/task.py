from __future__ import annotations

from typing import Any

from celery.contrib.django.task import DjangoTask

from config import outage


class Task(DjangoTask[Any, Any]):
    """One line of the log for the outage; what was not done is found again, by the sweep or the next hour."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        with outage.told_once():
            return super().__call__(*args, **options)
