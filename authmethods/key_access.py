"""Access without a consent: the secret of the method is itself the key with which its vendor is asked."""

from __future__ import annotations

import time

from django.utils.translation import gettext as _

from authmethods import grants, reasons, status
from authmethods.models import AuthenticationMethod
from integrations.errors import Misconfigured, NeedsReconnection
from users.models import User

MOMENT = 1.0
"""Seconds for which a connection believes the key without looking: so long may a disabled method's be used on."""


def enable(method: AuthenticationMethod, by: User) -> AuthenticationMethod:
    """Use the stored secret from now on. Raises the errors of `integrations.errors` where it cannot be used."""
    if method.vendor.oauth is not None:
        raise Misconfigured(_("%(vendor)s asks for a consent.") % {"vendor": method.vendor.label})
    environment = method.vendor.read_environment(method.environment_url)
    grants.app(method)
    return status.enable_without_consent(method, environment, by=by)


class Key:
    """The key of one method, in place of tokens."""

    def __init__(self, method_id: int) -> None:
        self._method_id = method_id
        self._newest = ("", 0.0)

    def token(self) -> str:
        """The key. Raises Misconfigured or NeedsReconnection."""
        text, until = self._newest
        if time.monotonic() < until:
            return text
        text = grants.app(grants.enabled_method(self._method_id)).client_secret
        self._newest = (text, time.monotonic() + MOMENT)
        return text

    def renew(self, used: str) -> str:
        """Another key than `used`, which the vendor refused: one that was entered meanwhile. Else the method stops."""
        self._newest = ("", 0.0)
        current = self.token()
        if current != used:
            return current
        status.mark_needs_reconnection(grants.enabled_method(self._method_id), reasons.KEY_REFUSED)
        raise NeedsReconnection(reasons.KEY_REFUSED)
