"""Access tokens: read from the database, refreshed by one process at a time (RELIABILITY.md 5).

A storm of refreshes would block all deliveries of a connection for ten minutes (ZOHO.md 2.4), so single flight is
not an optimisation here. The row of the grant is the lock: a conditional update takes a lease, the request runs
outside any transaction, and its result is kept only if the generation is still the same.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, Q
from django.db.models.functions import Now

from authmethods import status
from authmethods.fields import SealedSecret, SecretUnreadable, seal
from authmethods.models import AuthenticationMethod, ClientSecret, Status, StoredGrant
from integrations.base import App, Connection, Grant
from integrations.errors import IntegrationError, Misconfigured, NeedsReconnection, NotSent, Throttled
from integrations.pace import Pace
from integrations.redis_pace import RedisPace

LEASE = timedelta(seconds=20)
"""Longer than a token request can take; after a crash somebody else may refresh when it ends."""
PATIENCE = 12.0
"""Seconds that others wait for the one who refreshes."""
POLL = (0.05, 0.15)
AHEAD = timedelta(minutes=5)
WINDOW, MOST = timedelta(minutes=10), 6
"""Zoho blocks after 10 token requests in 10 minutes; we stop well before."""
COOL_DOWN = timedelta(seconds=30)

STOPPED = (
    "The authentication method is disabled, so nothing is sent through it. Enable it by its status in Authentication "
    "methods."
)

UNREADABLE = (
    "The stored secret of the authentication method cannot be opened (its FERNET_KEYS are gone). Restore the key, or "
    "enter the client secret anew and connect the method again."
)

_doors: dict[int, threading.Lock] = {}


def connect(method: AuthenticationMethod, *, foreground: bool = False) -> Connection:
    """What a call through this method needs. Raises Misconfigured (disabled) or NeedsReconnection.

    `token()` and `renew()` of the connection also raise Throttled and NotSent, and both of the above when the status
    changes meanwhile. `foreground` is True while a person waits.
    """
    _require_enabled(method)
    return Connection(
        location=method.location,
        organisation_id=method.organisation_id,
        token=partial(token, method.pk),
        renew=partial(renew, method.pk),
        pace=_pace(method),
        foreground=foreground,
    )


def token(method_id: int) -> str:
    """A valid access token, refreshed when it ends soon."""
    grant = _load(method_id)
    if _now() < grant.expires_at - _margin(grant):
        return _open(grant.access_token, grant.owner)
    try:
        return _refresh(grant)
    except NotSent:
        if _now() < grant.expires_at:  # ahead of time only: the old one still serves
            return _open(grant.access_token, grant.owner)
        raise


def renew(method_id: int, used: str) -> str:
    """Another token than `used`, which the vendor refused before its time. One that others renewed will do."""
    grant = _load(method_id)
    current = _open(grant.access_token, grant.owner)
    return current if current != used else _refresh(grant)


def _refresh(grant: StoredGrant) -> str:
    """The token of a later generation than `grant`: made here, or by whoever is faster."""
    deadline = time.monotonic() + PATIENCE
    with _door(grant.method_id, deadline):
        while True:
            current = _load(grant.method_id)
            if current.generation != grant.generation:
                return _open(current.access_token, current.owner)
            _require_leave(current)
            if _take_lease(current):
                return _ask_vendor(current)
            if time.monotonic() > deadline:
                raise NotSent("Another process is renewing the access token and takes long. It is tried again.")
            time.sleep(random.uniform(*POLL))  # noqa: S311


@contextmanager
def _door(method_id: int, deadline: float) -> Iterator[None]:
    """One thread of this process at a time; the others find the result in the database."""
    door = _doors.setdefault(method_id, threading.Lock())
    if not door.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise NotSent("The access token is being renewed and it takes long. It is tried again.")
    try:
        yield
    finally:
        door.release()


def _require_leave(grant: StoredGrant) -> None:
    """Raise Throttled while we should not ask for a token: after a failure, or after too many requests."""
    if grant.retry_at and grant.retry_at > _now():
        raise Throttled("The access token could not be renewed a moment ago. It is tried again.", until=grant.retry_at)
    recent = _recent(grant)
    if len(recent) >= MOST:
        raise Throttled(
            "Too many access tokens were asked for in ten minutes; Zoho would block the connection. It goes on by "
            "itself.",
            until=recent[-MOST] + WINDOW,
        )


def _take_lease(grant: StoredGrant) -> bool:
    """Become the one who refreshes. By the database's clock, so that no two machines need agree on the time."""
    free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=Now())
    requests = [at.isoformat() for at in [*_recent(grant), _now()]]
    ends = ExpressionWrapper(Now() + LEASE, output_field=DateTimeField())
    rows = StoredGrant.objects.filter(free, pk=grant.pk, generation=grant.generation)
    return bool(rows.update(lease_expires_at=ends, requests=requests))


def _ask_vendor(grant: StoredGrant) -> str:
    method = grant.method
    try:
        refresh_token = _open(grant.refresh_token, grant.owner)
        answer = method.vendor.refresh(_app(method), method.location, refresh_token)
    except NeedsReconnection as error:
        _release(grant)
        status.mark_needs_reconnection(method, error.message, generation=grant.generation)
        raise
    except Throttled as error:
        _release(grant, retry_at=error.until or _now() + WINDOW)
        raise
    except IntegrationError:
        _release(grant, retry_at=_now() + COOL_DOWN)
        raise
    return _keep(grant, answer)


def _keep(grant: StoredGrant, answer: Grant) -> str:
    """Write the new token, unless the method was reconnected meanwhile: then that one counts."""
    kept = StoredGrant.objects.filter(pk=grant.pk, generation=grant.generation).update(
        access_token=seal(grant.owner, answer.access_token),
        refresh_token=seal(grant.owner, answer.refresh_token),
        expires_at=answer.expires_at,
        refreshed_at=_now(),
        generation=grant.generation + 1,
        lease_expires_at=None,
        retry_at=None,
    )
    if kept:
        return answer.access_token
    current = _load(grant.method_id)
    return _open(current.access_token, current.owner)


def _release(grant: StoredGrant, retry_at: datetime | None = None) -> None:
    rows = StoredGrant.objects.filter(pk=grant.pk, generation=grant.generation)
    rows.update(lease_expires_at=None, retry_at=retry_at)


def _load(method_id: int) -> StoredGrant:
    grant = StoredGrant.objects.select_related("method").filter(method_id=method_id).first()
    if grant is None:
        raise Misconfigured(STOPPED)
    _require_enabled(grant.method)
    return grant


def _require_enabled(method: AuthenticationMethod) -> None:
    if method.status == Status.NEEDS_RECONNECTION:
        raise NeedsReconnection(method.status_reason or "The authentication method must be connected again.")
    if method.status != Status.ENABLED:
        raise Misconfigured(STOPPED)


def _app(method: AuthenticationMethod) -> App:
    try:
        return method.app()
    except (ClientSecret.DoesNotExist, SecretUnreadable):
        raise Misconfigured(UNREADABLE) from None


def _open(secret: SealedSecret, owner: str) -> str:
    try:
        return secret.open(owner)
    except SecretUnreadable:
        raise Misconfigured(UNREADABLE) from None


def _margin(grant: StoredGrant) -> timedelta:
    """How long before its end a token is renewed: 5 to 10 minutes, spread over the methods, less for short lives."""
    spread = timedelta(seconds=grant.method_id * 97 % 300)
    return min(AHEAD + spread, (grant.expires_at - grant.refreshed_at) / 4)


def _recent(grant: StoredGrant) -> list[datetime]:
    since = _now() - WINDOW
    return [at for at in map(datetime.fromisoformat, grant.requests) if at > since]


def _pace(method: AuthenticationMethod) -> Pace:
    budget = method.vendor.budget(method.location, method.edition)
    key = f"{method.integration}:{method.location}:{method.organisation_id}"
    return RedisPace(settings.REDIS_URL, key, limit=budget.concurrency, zone=budget.zone)


def _now() -> datetime:
    return datetime.now(UTC)
