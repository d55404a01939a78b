"""Access without a consent: the secret of the method is itself the key with which its vendor is asked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from authmethods import grants, reasons, status
from authmethods.models import AuthenticationMethod
from integrations.errors import Misconfigured, NeedsReconnection
from users.models import User


def enable(method: AuthenticationMethod, by: User) -> AuthenticationMethod:
    """Use the stored secret from now on. Raises the errors of `integrations.errors` where it cannot be used."""
    if method.vendor.oauth is not None:
        raise Misconfigured(_("%(vendor)s asks for a consent.") % {"vendor": method.vendor.label})
    environment = method.vendor.read_environment(method.environment_url)
    grants.app(method)
    return status.enable_without_consent(method, environment, by=by)


def key(method_id: int) -> str:
    """The key of an enabled method. Raises Misconfigured or NeedsReconnection."""
    return grants.app(grants.enabled_method(method_id)).client_secret


def another(method_id: int, used: str) -> str:
    """Than `used`, which was refused: one that was entered meanwhile. Else the method stops. Raises as `key` does."""
    current = key(method_id)
    if current != used:
        return current
    status.mark_needs_reconnection(grants.enabled_method(method_id), reasons.KEY_REFUSED)
    raise NeedsReconnection(reasons.KEY_REFUSED)
