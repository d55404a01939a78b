"""What workers do for this room."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task(name="users.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that have expired: each sign-in that nobody finished leaves one."""
    call_command("clearsessions")
