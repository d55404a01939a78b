"""Decide who may come in, once the vendor has named a person.

A pinned identity decides alone. Before there is one, three must agree, as an unverified e-mail proves nothing:
an administrator's association, the username, and the portal, whose active agent with this e-mail the person must be.
Superusers are linked like everybody: only somebody with all of their rights can associate them or connect the portal.
The portal is asked once, at the link: a method that needs reconnection stops first sign-ins only, a disabled one all.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from authmethods import tokens
from authmethods.fields import SecretUnreadable
from authmethods.models import AuthenticationMethod, ClientSecret, Status
from integrations.errors import IntegrationError
from integrations.types import App, Identity
from sso.models import Association, PinnedIdentity, SSOConnector
from users.models import User
from users.policy import may_touch


class SignInRefused(Exception):
    """Nobody comes in. The reason is for administrators alone and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Admission:
    user: User
    linked_now: bool


def client_of(connector: SSOConnector) -> App:
    """Return the client with which people sign in. Raises SignInRefused."""
    method = connector.method
    if method.status == Status.DISABLED:
        raise SignInRefused(
            _("The authentication method “%(method)s” is disabled: enable it in the Maker.") % {"method": method.name}
        )
    try:
        return method.app()
    except (SecretUnreadable, ClientSecret.DoesNotExist):
        raise SignInRefused(
            _("The client secret of “%(method)s” is missing or cannot be read: enter it anew.")
            % {"method": method.name}
        ) from None


def decide(connector: SSOConnector, identity: Identity) -> Admission:
    """Return the user whom this identity lets in through this connector. Raises SignInRefused."""
    if not f"{identity.subject}{identity.email}".isprintable():
        raise SignInRefused(_("The vendor's profile of the person holds characters that belong to no e-mail or id."))
    pinned = _pinned(connector, identity)
    user = pinned.user if pinned else user_named(identity.email)
    if not user.is_active:
        raise SignInRefused(_("The user is not active."))
    if not Association.objects.filter(user=user, connector=connector).exists():
        raise SignInRefused(_("The user is not associated with this connector: add it in the user's card."))
    if pinned:
        return Admission(user, linked_now=False)
    if PinnedIdentity.objects.filter(user=user).exists():
        return _pinned_before(connector, identity, user)
    _check_voucher(connector.method, user)
    _ask_portal(connector, identity)
    try:
        with transaction.atomic():
            PinnedIdentity.objects.create(
                user=user,
                integration=connector.method.integration,
                location=identity.location,
                subject=identity.subject,
            )
    except IntegrityError:
        return _pinned_before(connector, identity, user)
    return Admission(user, linked_now=True)


def same_email(one: str, other: str) -> bool:
    """Ignore the case of A to Z only: Unicode's folding makes a dotless i equal to a plain one (CVE-2019-19844)."""
    return one.strip().encode().lower() == other.strip().encode().lower()


def _pinned(connector: SSOConnector, identity: Identity) -> PinnedIdentity | None:
    return (
        PinnedIdentity.objects.select_related("user")
        .filter(integration=connector.method.integration, location=identity.location, subject=identity.subject)
        .first()
    )


def user_named(email: str) -> User:
    candidates = User.objects.filter(username__iexact=email.strip())
    for user in candidates:
        if same_email(user.username, email):
            return user
    raise SignInRefused(_("No user has this e-mail as username: create the user, or correct the username."))


def _check_voucher(method: AuthenticationMethod, user: User) -> None:
    """An operator could connect a portal of their own, and be its agent under a superuser's e-mail."""
    if method.enabled_by is None or not may_touch(method.enabled_by, user):
        raise SignInRefused(
            _(
                "First sign-in: whoever connected “%(method)s” has fewer rights than the user, or is gone, so its "
                "portal cannot vouch for the user. Let somebody with all of these rights reconnect it."
            )
            % {"method": method.name}
        )


def _ask_portal(connector: SSOConnector, identity: Identity) -> None:
    method = connector.method
    directory = method.vendor.directory
    if directory is None:
        raise SignInRefused(_("First sign-in: the vendor has no list of agents that could vouch for the person."))
    try:
        agent = directory.agent(tokens.connect(method, foreground=True), identity.subject)
    except IntegrationError as error:
        raise SignInRefused(
            _("First sign-in: the portal could not be asked whether the person is its agent. %(cause)s")
            % {"cause": str(error)}
        ) from error
    if agent is None or agent.subject != identity.subject:
        raise SignInRefused(_("First sign-in: the portal has no agent with the account that was used."))
    if not agent.active:
        raise SignInRefused(_("First sign-in: the person's agent account in the portal is not active."))
    if not same_email(agent.email, identity.email):
        raise SignInRefused(_("First sign-in: the portal lists this agent under another e-mail than the account has."))


def _pinned_before(connector: SSOConnector, identity: Identity, user: User) -> Admission:
    """Whoever pinned first decides: long ago, or in another first sign-in of the same moment."""
    pinned = _pinned(connector, identity)
    if pinned is None or pinned.user_id != user.pk:
        raise SignInRefused(
            _(
                "The user is pinned to another identity than the one that came with this e-mail. If the person "
                "got a new account, unpin the old one in the user's card."
            )
        )
    return Admission(user, linked_now=False)
