"""Renewing an access token: one process at a time, and never too often.

A storm of refreshes would block all deliveries of a connection for ten minutes (zoho-facts.md 2.4), so single flight is
not an optimisation here. The row of the grant is the lock: a conditional update takes a lease, the request runs
outside any transaction, and its result is kept only if the generation is still the same.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from authmethods import agreement, grants, issued_grants, reasons, status
from authmethods.fields import seal
from authmethods.models import StoredGrant
from core import clock
from core.reasons import Reason
from integrations.base import OAuthClient
from integrations.errors import IntegrationError, NeedsReconnection, NotSent, Throttled
from integrations.types import App, Grant

LEASE = timedelta(seconds=15)
"""More than connecting and a token request may take; after a crash somebody else may refresh when it ends."""
PATIENCE_SECONDS = 12.0
"""Seconds that others wait for the one who refreshes."""
POLL_SECONDS = (0.05, 0.15)
LONGEST_REST = timedelta(minutes=10)
"""What a grant notes lies no further ahead: beyond, it was noted by a clock that has been set right since, and would
stop the connection for as long."""
COOL_DOWN = timedelta(seconds=30)

_doors: dict[int, threading.RLock] = {}
"""Open to the thread that closed them: a time limit may strike before it can note that, and would lock it out."""
# A forked child would inherit the doors that threads of its parent hold, and nobody there to open them.
os.register_at_fork(after_in_child=_doors.clear)


def refresh(grant: StoredGrant, asked: OAuthClient | None = None, *, waits: bool = True) -> str:
    """The token of a later generation than `grant`: made here, or by whoever is faster.

    Raises NotSent instead of waiting for them unless it `waits`. `asked` serves instead of the method's own
    client: one of the same kind whose requests are watched.
    """
    deadline = time.monotonic() + (PATIENCE_SECONDS if waits else 0.0)
    with _door(grant.method_id, deadline):
        while True:
            current = grants.load(grant.method_id)
            if (current.pk, current.generation) != (grant.pk, grant.generation):
                return grants.opened(current.access_token, current.owner)
            _require_leave(current)
            client, refresh_token = _opened(current)
            if _take_lease(current):
                return _ask_vendor(current, asked or current.method.oauth, client, refresh_token)
            if time.monotonic() > deadline:
                raise NotSent(reasons.RENEWING)
            time.sleep(random.uniform(*POLL_SECONDS))  # noqa: S311


@contextmanager
def _door(method_id: int, deadline: float) -> Iterator[None]:
    """One thread of this process at a time; the others find the result in the database."""
    door = _doors.setdefault(method_id, threading.RLock())
    if not door.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise NotSent(reasons.RENEWING)
    try:
        yield
    finally:
        door.release()


def _require_leave(grant: StoredGrant) -> None:
    """Raise Throttled while we should not ask for a token: after a failure, or after too many requests."""
    if grant.retry_at and _now() < grant.retry_at <= _now() + LONGEST_REST:
        raise Throttled(reasons.RENEWAL_FAILED, until=clock.to_local(grant.retry_at))
    rate = grant.method.oauth.token_requests
    recent = _recent(grant)
    if rate and len(recent) >= rate.most:
        raise Throttled(
            reasons.MANY_RENEWALS,
            until=clock.to_local(recent[-rate.most] + rate.window),
        )


def _take_lease(grant: StoredGrant) -> bool:
    """Become the one who refreshes. By the database's clock, so that no two machines need agree on the time.

    Only with the requests as they were read: else one that failed meanwhile would be neither counted nor waited for.
    """
    free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=Now()) | Q(lease_expires_at__gt=_after(2 * LEASE))
    rows = _rows(grant).filter(free)
    grant.requests = [at.isoformat() for at in [*_recent(grant), _now()]]
    return bool(rows.update(lease_expires_at=_after(LEASE), requests=grant.requests))


def _after(wait: timedelta) -> Combinable:
    return ExpressionWrapper(Now() + wait, output_field=DateTimeField())


def _opened(grant: StoredGrant) -> tuple[App, str]:
    """What a token is asked with. Before anything is noted: a process with other keys must not make the others wait."""
    if why := agreement.why_not_seal():
        raise NotSent(why)
    return grants.app(grant.method), grants.opened(grant.refresh_token, grant.owner)


def _ask_vendor(grant: StoredGrant, asked: OAuthClient, client: App, refresh_token: str) -> str:
    method = grant.method
    try:
        answer = asked.refresh(client, method.location, refresh_token)
    except NeedsReconnection as error:
        _release(grant)
        issued_grants.refused(refresh_token)
        if status.mark_needs_reconnection(method, _told(error), refused=grant):
            raise
        return _newer(grant)
    except Throttled as error:
        _release(grant, retry_at=clock.to_database(error.until) if error.until else _now() + LONGEST_REST)
        raise
    except IntegrationError:
        _release(grant, retry_at=_now() + COOL_DOWN)
        raise
    return _keep(grant, answer)


def _told(error: IntegrationError) -> Reason:
    return reasons.SAID(reason=error.reason, said=error.said) if error.said else error.reason


def _keep(grant: StoredGrant, answer: Grant) -> str:
    """Write the new token, unless the method was reconnected meanwhile: then that one counts."""
    kept = StoredGrant.objects.filter(pk=grant.pk, generation=grant.generation).update(
        access_token=seal(grant.owner, answer.access_token),
        refresh_token=seal(grant.owner, answer.refresh_token),
        expires_at=clock.to_database(answer.expires_at),
        refreshed_at=_now(),
        generation=grant.generation + 1,
        lease_expires_at=None,
        retry_at=None,
    )
    return answer.access_token if kept else _newer(grant)


def _newer(grant: StoredGrant) -> str:
    """The token of the grant that took the place of this one. Raises like `grants.load` where none did."""
    current = grants.load(grant.method_id)
    return grants.opened(current.access_token, current.owner)


def _release(grant: StoredGrant, retry_at: datetime | None = None) -> None:
    """Give the lease back, if it is still ours."""
    _rows(grant).update(lease_expires_at=None, retry_at=retry_at)


def _rows(grant: StoredGrant) -> QuerySet[StoredGrant]:
    """The grant, as long as nobody has renewed it or asked for a token since it was read."""
    return StoredGrant.objects.filter(pk=grant.pk, generation=grant.generation, requests=grant.requests)


def _recent(grant: StoredGrant) -> list[datetime]:
    rate = grant.method.oauth.token_requests
    noted = map(datetime.fromisoformat, grant.requests)
    return [at for at in noted if abs(at - _now()) < rate.window] if rate else []


def _now() -> datetime:
    return clock.now()
