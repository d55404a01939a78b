from __future__ import annotations

import hmac
import logging
import secrets
from datetime import timedelta
from hashlib import sha256

from django.core.cache import cache
from django.utils import timezone

from interactions.models import ApiKey
from users.models import User

PREFIX_LENGTH = 12
SECRET_BYTES = 32
USED_EVERY = timedelta(minutes=10)
"""`last_used_at` is written no more often than this: a busy source must not mean a write for each request."""
MOST_FAILURES = 20
WINDOW_SECONDS = 60

NOBODY = sha256(b"nobody").hexdigest()
"""Compared with when no key has that prefix, so that the answer takes as long."""

logger = logging.getLogger(__name__)


def create(name: str, source: str, by: User | None = None) -> tuple[ApiKey, str]:
    text = new_text()
    return ApiKey.objects.create(**parts(text), name=name, source=source, created_by=by), text


def new_text() -> str:
    return f"dk_{secrets.token_hex(4)}_{secrets.token_urlsafe(SECRET_BYTES)}"


def parts(text: str) -> dict[str, str]:
    return {"prefix": text[:PREFIX_LENGTH], "digest": sha256(text.encode()).hexdigest()}


def authenticate(text: str) -> ApiKey | None:
    """The active key of this text. A fast digest is enough: the key is random, there is nothing to guess."""
    told = parts(text)
    key = ApiKey.objects.filter(prefix=told["prefix"], is_active=True).first()
    if not hmac.compare_digest(key.digest if key else NOBODY, told["digest"]) or key is None:
        return None
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def too_many_failures(address: str) -> bool:
    """A good key is never slowed down. Without a cache nobody is counted: sources must be able to post while Redis is
    away.
    """
    counter = f"interactions:failed-keys:{address}"
    try:
        cache.add(counter, 0, WINDOW_SECONDS)
        return bool(cache.incr(counter) > MOST_FAILURES)
    except Exception as error:  # noqa: BLE001 - the cache's library raises many kinds
        logger.warning("Failed API keys are not counted: the cache does not answer (%s).", type(error).__name__)
        return False
