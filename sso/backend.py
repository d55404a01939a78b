"""Asks at each request whether what let somebody in through a connector is still there; if not, they are out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import F
from django.utils.translation import gettext as _

from authmethods.models import Status
from integrations.types import Identity
from sso.models import SSOConnector
from sso.policy import SignInRefused
from users.models import User

USABLE = (Status.ENABLED, Status.NEEDS_RECONNECTION)
"""A method that needs reconnection lets those in whom it knows, see `sso.policy`."""


class ConnectorBackend(BaseBackend):
    """It signs nobody in by itself, and gives no rights: these come from the role (`users.roles`)."""

    def get_user(self, user_id: Any) -> User | None:
        user = (
            User.objects.select_related("association__connector", "identity")
            .filter(
                pk=user_id,
                is_active=True,
                association__connector__method__status__in=USABLE,
                identity__integration=F("association__connector__method__integration"),
            )
            .first()
        )
        if user is not None:
            way = user.association
            parts = (way.pk, way.generation, way.connector_id, way.connector.method_id, user.identity.pk)
            user.way_in = ".".join(map(str, parts))
        return user


def opened(connector: SSOConnector, identity: Identity, user: User) -> User:
    """Read the user anew in one query, so that nothing taken away meanwhile is missed. Raises SignInRefused."""
    found = ConnectorBackend().get_user(user.pk)
    same = found and (found.association.connector_id, found.identity.subject) == (connector.pk, identity.subject)
    if found is None or not same:
        raise SignInRefused(_("How this user signs in was changed in this very moment."))
    found.backend = f"{ConnectorBackend.__module__}.{ConnectorBackend.__qualname__}"
    return found
