"""Ending grants at the vendor. It may fail without harm: nothing waits for it."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction

from authmethods import issued_grants
from authmethods.fields import SealedSecret, SecretUnreadable
from authmethods.models import AuthenticationMethod, ClientSecret, StoredGrant
from integrations.errors import IntegrationError
from integrations.types import App

logger = logging.getLogger(__name__)


def after_commit(method: AuthenticationMethod, refresh_token: SealedSecret, owner: str, location: str = "") -> None:
    try:
        token = refresh_token.open(owner)
    except SecretUnreadable:
        logger.warning("The old grant of method %s cannot be opened, so it was not revoked", method.pk)
        return
    app = App(method.client_id, _secret(method))
    transaction.on_commit(partial(now, method, app, location or method.location, token))


def now(method: AuthenticationMethod, app: App, location: str, refresh_token: str) -> None:
    """Unless the method uses it: a new consent may have brought the same one again. A failure is logged."""
    if _is_in_use(method, refresh_token):
        return
    try:
        method.oauth.revoke(app, location, refresh_token)
    except IntegrationError as error:
        logger.warning("A grant of method %s was not revoked: %s", method.pk, error.kind)
        return
    issued_grants.ended(refresh_token)


def _is_in_use(method: AuthenticationMethod, refresh_token: str) -> bool:
    grant = StoredGrant.objects.filter(method_id=method.pk).first()
    try:
        return grant is not None and grant.refresh_token.open(grant.owner) == refresh_token
    except SecretUnreadable:
        return False


def _secret(method: AuthenticationMethod) -> str:
    try:
        return method.app().client_secret
    except (ClientSecret.DoesNotExist, SecretUnreadable):
        return ""
