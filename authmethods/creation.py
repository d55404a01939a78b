from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext as _

from authmethods.fields import SecretUnreadable
from authmethods.models import LIMIT, AuthenticationMethod, ClientSecret
from maker import history
from maker.dialogs import copy_of


class LimitReached(Exception): ...


def require_room() -> None:
    """Raises LimitReached. Within the transaction that adds one: it locks the others."""
    list(AuthenticationMethod.objects.select_for_update().values_list("pk", flat=True))
    if AuthenticationMethod.objects.count() >= LIMIT:
        raise LimitReached(
            _("There are %(limit)d authentication methods, which is the most. Delete one that nobody needs first.")
            % {"limit": LIMIT}
        )


def store_secret(method: AuthenticationMethod, secret: str) -> None:
    stored = ClientSecret.objects.filter(method=method).first() or ClientSecret(method=method)
    known = stored.pk is not None
    stored.seal(secret)
    stored.save()
    history.note(method, str(_("client secret")), "••••" if known else "", _("set anew") if known else _("set"))


@transaction.atomic
def duplicate(method: AuthenticationMethod) -> AuthenticationMethod:
    """A disabled copy: the same client with its secret, no tokens, no organisation. Raises LimitReached."""
    require_room()
    copy = AuthenticationMethod.objects.create(
        name=copy_of(AuthenticationMethod, "name", method.name),
        integration=method.integration,
        mode=method.mode,
        environment_url=method.environment_url,
        client_id=method.client_id,
    )
    with suppress(ClientSecret.DoesNotExist, SecretUnreadable):  # without one it asks before it can be enabled
        store_secret(copy, method.app().client_secret)  # sealed anew: an envelope opens for its own row only
    return copy
