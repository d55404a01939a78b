from __future__ import annotations

from authmethods.fields import SealedSecret, SecretUnreadable
from authmethods.models import AuthenticationMethod, ClientSecret, Status, StoredGrant
from authmethods.reasons import LOST, REFUSED, STOPPED, UNREADABLE
from core import clock
from integrations.errors import Misconfigured, NeedsReconnection
from integrations.types import App


class SecretsUnreadable(Misconfigured):
    """The keys of this process do not open what is stored; another process may have the right ones."""

    kind = "unreadable"


def load(method_id: int) -> StoredGrant:
    """With its method, and the time (the database's clock) as `now`. Raises Misconfigured or NeedsReconnection."""
    timed = StoredGrant.objects.select_related("method").annotate(now=clock.expression())
    grant = timed.filter(method_id=method_id).first()
    if grant is None:
        raise Misconfigured(STOPPED)
    require_enabled(grant.method)
    return grant


def enabled_method(method_id: int) -> AuthenticationMethod:
    """The method, if something can be asked through it now. Raises Misconfigured or NeedsReconnection."""
    method = AuthenticationMethod.objects.filter(pk=method_id).first()
    if method is None:
        raise Misconfigured(STOPPED)
    require_enabled(method)
    return method


def require_enabled(method: AuthenticationMethod) -> None:
    """Raises NeedsReconnection or Misconfigured."""
    if method.status == Status.NEEDS_RECONNECTION:
        raise NeedsReconnection(REFUSED(cause=method.status_reason) if method.status_reason else LOST)
    if method.status != Status.ENABLED:
        raise Misconfigured(STOPPED)


def app(method: AuthenticationMethod) -> App:
    """The client with its secret. Raises SecretsUnreadable."""
    try:
        return method.app()
    except ClientSecret.DoesNotExist:
        raise Misconfigured(UNREADABLE) from None
    except SecretUnreadable:
        raise SecretsUnreadable(UNREADABLE) from None


def opened(secret: SealedSecret, owner: str) -> str:
    """What was sealed. Raises SecretsUnreadable."""
    try:
        return secret.open(owner)
    except SecretUnreadable:
        raise SecretsUnreadable(UNREADABLE) from None
