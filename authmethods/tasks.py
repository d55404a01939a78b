from __future__ import annotations

from datetime import UTC, datetime, timedelta

from celery import shared_task

from authmethods import tokens
from authmethods.models import AuthenticationMethod, Status
from integrations.errors import IntegrationError

UNUSED = timedelta(days=1)


@shared_task(name="authmethods.keep_alive")
def keep_alive() -> None:
    """Of what nobody used for a day: a consent that ended is known before the next call wants to be written."""
    since = datetime.now(UTC) - UNUSED
    unused = AuthenticationMethod.objects.filter(status=Status.ENABLED, grant__refreshed_at__lt=since)
    for method_id in unused.values_list("pk", flat=True):
        try:
            tokens.token(method_id)
        except IntegrationError:
            continue  # what it means is noted already: on the method if its consent ended, else it is tried again
