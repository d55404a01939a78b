from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from users import attempts


@shared_task(name="users.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that ended (each sign-in that nobody finished leaves one), and old counts of attempts."""
    call_command("clearsessions")
    attempts.forget()
