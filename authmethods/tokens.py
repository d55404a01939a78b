"""Access tokens: read from the database, and renewed in time by one process for all (see `refreshing`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings

from authmethods import grants, key_access
from authmethods.models import AuthenticationMethod, StoredGrant
from authmethods.token_refresh import refresh
from integrations.base import OAuthClient
from integrations.errors import NotSent
from integrations.types import Budget, Connection
from outbound.limiter import RateLimiter
from outbound.redis_limiter import RedisRateLimiter

AHEAD = timedelta(minutes=5)
CAUTIOUS = Budget(concurrency=4)
"""For a vendor that does not say what it takes."""
MOMENT_SECONDS = 1.0
"""Seconds for which a connection believes a token without looking: so long may a disabled method's be used on."""


def connect(method: AuthenticationMethod, *, foreground: bool = False) -> Connection:
    """What a call through this method needs. Raises Misconfigured (disabled) or NeedsReconnection.

    `token()` and `renew()` of the connection also raise Throttled and NotSent, and both of the above when the status
    changes meanwhile. `foreground` is True while a person waits.
    """
    grants.require_enabled(method)
    if method.vendor.oauth:
        kept = _CachedToken(partial(token, method.pk), partial(renew, method.pk))
    else:
        kept = _CachedToken(partial(key_access.key, method.pk), partial(key_access.another, method.pk))
    return Connection(
        location=method.location,
        organisation_id=method.organisation_id,
        token=kept.token,
        renew=kept.renew,
        limiter=_pace(method),
        foreground=foreground,
    )


class _CachedToken:
    """A connection's token or key, kept for a moment: reading it from the database costs as much as a request."""

    def __init__(self, read: Callable[[], str], another: Callable[[str], str]) -> None:
        self._read, self._another = read, another
        self._newest = ("", 0.0)

    def token(self) -> str:
        text, until = self._newest
        return text if time.monotonic() < until else self._keep(self._read())

    def renew(self, used: str) -> str:
        return self._keep(self._another(used))

    def _keep(self, text: str) -> str:
        self._newest = (text, time.monotonic() + MOMENT_SECONDS)
        return text


def token(method_id: int) -> str:
    """A valid access token, refreshed when it ends soon."""
    grant = grants.load(method_id)
    now = grant.now  # type: ignore[attr-defined] # which `load` adds
    if now < grant.expires_at - _margin(grant):
        return grants.opened(grant.access_token, grant.owner)
    serves = now < grant.expires_at  # ahead of time only: nobody waits for another one, or stops for trouble
    try:
        return refresh(grant, waits=not serves)
    except NotSent:
        if serves:
            return grants.opened(grant.access_token, grant.owner)
        raise


def renew(method_id: int, used: str, *, client: OAuthClient | None = None) -> str:
    """Another token than `used`, which the vendor refused before its time. One that others renewed will do.

    `client`: see `token_refresh.refresh`.
    """
    grant = grants.load(method_id)
    current = grants.opened(grant.access_token, grant.owner)
    if current != used and grant.now < grant.expires_at:  # type: ignore[attr-defined]
        return current
    return refresh(grant, client)


def _margin(grant: StoredGrant) -> timedelta:
    """How long before its end a token is renewed: 5 to 10 minutes, spread over the methods, less for short lives."""
    spread = timedelta(seconds=grant.method_id * 97 % 300)
    return min(AHEAD + spread, (grant.expires_at - grant.refreshed_at) / 4)


def _pace(method: AuthenticationMethod) -> RateLimiter:
    limits = method.vendor.limits
    budget = limits.budget(method.location, method.edition) if limits else CAUTIOUS
    key = f"{method.integration}:{method.location}:{method.organisation_id}"
    return RedisRateLimiter(
        settings.REDIS_URL, key, limit=budget.concurrency, share=settings.PACE_SHARE, zone=budget.zone
    )
