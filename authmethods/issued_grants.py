"""Zoho keeps 20 refresh tokens of a person and client; the 21st ends the oldest without a word (zoho-facts 2.4). Who
consented we do not learn, so all of a client count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.db.models import Count
from django.utils.translation import gettext as _

from authmethods.models import AuthenticationMethod, IssuedGrant
from integrations import registry

NEAR = 5
"""So many before the last one we begin to warn (at 15 of Zoho's 20)."""


def note(method: AuthenticationMethod, location: str, refresh_token: str) -> None:
    IssuedGrant.objects.get_or_create(
        digest=_digest(refresh_token),
        defaults={"integration": method.integration, "client_id": method.client_id, "location": location},
    )


def ended(refresh_token: str) -> None:
    IssuedGrant.objects.filter(digest=_digest(refresh_token)).delete()


def refused(refresh_token: str) -> None:
    """The vendor ended it by itself. It ends the oldest first, or all at once: what is older has ended as well."""
    grant = IssuedGrant.objects.filter(digest=_digest(refresh_token)).first()
    if grant:
        same = IssuedGrant.objects.filter(client_id=grant.client_id, location=grant.location)
        same.filter(issued_at__lte=grant.issued_at).delete()


def warnings(methods: Collection[AuthenticationMethod]) -> list[str]:
    """What to know before another consent; each data centre counts its own."""
    wanted = {(method.integration, method.client_id, method.location) for method in methods}
    alive = IssuedGrant.objects.filter(client_id__in={method.client_id for method in methods})
    counted = alive.values_list("integration", "client_id", "location").annotate(Count("pk")).order_by("client_id")
    return [
        _text(client_id, count, kept)
        for integration, client_id, location, count in counted
        if {(integration, client_id, location), (integration, client_id, "")} & wanted
        and 0 < (kept := _kept(integration)) <= count + NEAR
    ]


def _kept(integration: str) -> int:
    oauth = registry.get(integration).oauth
    return oauth.grants_kept if oauth else 0


def _text(client_id: str, count: int, kept: int) -> str:
    return _(
        "%(count)d consents of the client %(client)s are alive. The vendor keeps %(kept)d of one person; a further "
        "one ends the oldest, and with it the connection that uses it. Consent anew only where a connection needs it, "
        "and disable methods that nobody uses."
    ) % {"count": count, "client": client_id, "kept": kept}


def _digest(refresh_token: str) -> str:
    return hashlib.sha256(refresh_token.encode()).hexdigest()
