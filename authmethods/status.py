from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from authmethods import revocation
from authmethods.fields import seal
from authmethods.models import AuthenticationMethod, Kind, Status, StoredGrant
from authmethods.signals import method_enabled, method_stopped
from core import clock
from core.reasons import Reason, columns
from integrations.types import Environment, Grant, Organisation
from users.models import User


def enabled(integration: str) -> QuerySet[AuthenticationMethod]:
    return AuthenticationMethod.objects.filter(integration=integration, status=Status.ENABLED)


@transaction.atomic
def enable(
    method: AuthenticationMethod, grant: Grant, organisation: Organisation, *, kind: str, by: User
) -> AuthenticationMethod:
    """Keep what a consent gave. The grant that it replaces is revoked after the commit: a vendor keeps only so many."""
    method = AuthenticationMethod.objects.select_for_update().get(pk=method.pk)
    old = StoredGrant.objects.filter(method=method).first()
    if old:
        revocation.after_commit(method, old.refresh_token, old.owner)
    _keep(method, grant, old.generation + 1 if old else 1)
    method.kind, method.location = Kind(kind), grant.location
    method.organisation_id, method.organisation_name = organisation.id, organisation.name[:200]
    method.edition = organisation.edition[:40]
    method.granted_scopes = list(grant.scopes)
    return _enabled(method, by)


@transaction.atomic
def enable_without_consent(method: AuthenticationMethod, environment: Environment, *, by: User) -> AuthenticationMethod:
    method = AuthenticationMethod.objects.select_for_update().get(pk=method.pk)
    method.location = environment.location
    method.organisation_id = method.organisation_name = environment.portal
    return _enabled(method, by)


def _enabled(method: AuthenticationMethod, by: User) -> AuthenticationMethod:
    method.status, method.status_reason, method.status_reason_code = Status.ENABLED, "", ""
    method.enabled_at, method.enabled_by = datetime.now(UTC), by
    method.save()
    _tell(method_enabled, method)
    return method


@transaction.atomic
def disable(method: AuthenticationMethod, reason: Reason | str = "") -> None:
    method = AuthenticationMethod.objects.select_for_update().get(pk=method.pk)
    grant = StoredGrant.objects.filter(method=method).first()
    if grant:
        revocation.after_commit(method, grant.refresh_token, grant.owner)
        grant.delete()
    if method.status != Status.DISABLED:
        _put(method, Status.DISABLED, reason)
        _tell(method_stopped, method)


@transaction.atomic
def mark_needs_reconnection(
    method: AuthenticationMethod, reason: Reason | str, *, refused: StoredGrant | None = None
) -> bool:
    """Note that the vendor refused the grant (as it was then, when given). False when it no longer matters."""
    # The row first: a reconnection that holds it has a new grant, which is seen only once it is committed.
    enabled = AuthenticationMethod.objects.select_for_update().filter(pk=method.pk, status=Status.ENABLED).first()
    if enabled is None or (refused is not None and not _is_current(refused)):
        return False
    _put(enabled, Status.NEEDS_RECONNECTION, reason)
    _tell(method_stopped, enabled)
    return True


def _put(method: AuthenticationMethod, status: Status, reason: Reason | str) -> None:
    why = columns(reason, "status_reason")
    method.status = status
    for name, value in why.items():
        setattr(method, name, value)
    method.save(update_fields=["status", *why])


def _is_current(grant: StoredGrant) -> bool:
    return StoredGrant.objects.filter(pk=grant.pk, generation=grant.generation).exists()


def _keep(method: AuthenticationMethod, grant: Grant, generation: int) -> None:
    owner = StoredGrant(method=method).owner
    values = {
        "access_token": seal(owner, grant.access_token),
        "refresh_token": seal(owner, grant.refresh_token),
        "expires_at": clock.to_database(grant.expires_at),
        "refreshed_at": clock.now(),
        "generation": generation,
        "lease_expires_at": None,
        "retry_at": None,
        "requests": [datetime.now(UTC).isoformat()],  # redeeming the code counts as one
    }
    StoredGrant.objects.update_or_create(method=method, defaults=values)


def _tell(signal: Signal, method: AuthenticationMethod) -> None:
    transaction.on_commit(partial(signal.send, sender=AuthenticationMethod, method=method))
