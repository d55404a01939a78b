"""Each process says that it is up, and which secrets it can open: a wrong key is a matter of one process."""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import threading
import time
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connections

from authmethods import readability
from authmethods.models import RunningProcess
from core import clock

EVERY_SECONDS = 10.0
GONE = timedelta(seconds=60)
"""Who has said nothing for so long is not there any more."""
FORGOTTEN = timedelta(days=1)
ROUNDS = 100_000
"""Of the digest: it stands in the database, and a short key must not be guessed from it."""

logger = logging.getLogger(__name__)


def announce(kind: str) -> None:
    """Report from a thread of this process for as long as it lives. `kind`: web, worker or beat."""
    threading.Thread(target=_report_on, args=(name(kind),), name="presence", daemon=True).start()


def name(kind: str) -> str:
    return f"{kind}:{os.getpid()}@{socket.gethostname()}"[:200]


def report(name: str) -> None:
    """Say once that the process of this name is up, and log when its secrets turn out unreadable."""
    now, unreadable = clock.now(), readability.unreadable()
    before = RunningProcess.objects.filter(name=name).values_list("unreadable", flat=True).first()
    told = {"keys": digests(tuple(settings.FERNET_KEYS)), "unreadable": unreadable, "seen_at": now}
    RunningProcess.objects.update_or_create(name=name, defaults=told)
    RunningProcess.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
    if unreadable and unreadable != before:
        logger.error("FERNET_KEYS of this process open no secrets of the connections %s. See docs/keys.md.", unreadable)


@cache
def digests(keys: tuple[str, ...]) -> list[str]:
    """By which keys are compared between processes, newest first."""
    made = (hashlib.pbkdf2_hmac("sha256", key.encode(), b"deskline.fernet-key", ROUNDS) for key in keys if key)
    return [digest.hex()[:16] for digest in made]


def _report_on(name: str) -> None:
    while True:
        try:
            report(name)
        except DatabaseError:
            pass  # the database is away, of which others tell
        finally:
            connections.close_all()
        time.sleep(EVERY_SECONDS)
