"""Wakes the workers of a connection. A lost wake-up costs seconds: the sweep finds every due row."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from functools import partial

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from prometheus_client import Counter

DRAIN = "interactions.drain"
COALESCE_SECONDS = 5
"""Wake-ups of one connection within this time are one, until a worker has received it."""
AWAY_SECONDS = 5.0
"""After a failed wake-up nobody waits for the broker again until the sweep has had its turn."""

logger = logging.getLogger(__name__)
lost = Counter("deskline_doorbells_lost_total", "Wake-up messages that the broker did not take.")


class _BrokerAway:
    """The time (monotonic) until which this process does not even try to reach the broker."""

    until = 0.0


def notify(method_id: int | None) -> None:
    """Tell the workers that deliveries of this connection (None: cards kept here) are due. Never raises."""
    if time.monotonic() < _BrokerAway.until:
        lost.inc()
        return
    try:
        if cache.add(_key(method_id), 1, COALESCE_SECONDS):
            current_app.send_task(DRAIN, args=[method_id], retry=False)
    except Exception as error:  # noqa: BLE001 - the broker's libraries raise many kinds; the row is committed already
        _BrokerAway.until = time.monotonic() + AWAY_SECONDS
        lost.inc()
        logger.warning(
            "The broker did not take a wake-up (%s); the sweep will find the deliveries.", type(error).__name__
        )


def notify_on_commit(method_ids: Iterable[int | None]) -> None:
    """Notify a worker of each of them once the transaction under way is committed."""
    for method_id in method_ids:
        transaction.on_commit(partial(notify, method_id), robust=True)


def received(method_id: int | None) -> None:
    """A worker has come: every wake-up from now on is a new one."""
    cache.delete(_key(method_id))


def _key(method_id: int | None) -> str:
    return f"interactions:doorbell:{method_id or 'local'}"
