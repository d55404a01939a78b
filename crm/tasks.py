from __future__ import annotations

from celery import shared_task

from crm.customers import claims


@shared_task(name="crm.forget_forms")
def forget_forms() -> None:
    """Delete what is known of forms of new cards that nobody will send again."""
    claims.forget_forms()
