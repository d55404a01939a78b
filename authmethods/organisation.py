"""Which organisation a new grant is for: found where it is clear, picked by the administrator where it is not."""

from __future__ import annotations

from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from authmethods import revocation, status
from authmethods.fields import SecretUnreadable, seal
from authmethods.models import AuthenticationMethod, Consent, Kind, PendingGrant
from integrations.errors import IntegrationError, NotSent
from integrations.types import App, Connection, Environment, Grant, Organisation
from outbound.limiter import Unlimited
from users.models import User

MOST_OFFERED, MOST_NAMED = 50, 10
"""Organisations among which a person picks, and that a message names."""


class NoChoice(Exception):
    """The grant fits no organisation; it was revoked. The text is for the administrator."""


def settle(
    consent: Consent, client: App, environment: Environment, grant: Grant
) -> AuthenticationMethod | PendingGrant:
    """Or keep the tokens until one is picked. Raises NoChoice."""
    method = consent.method
    try:
        _require_scopes(method, grant)
        return _placed(consent, grant, _fitting(method, consent.kind, environment, grant))
    except (NoChoice, IntegrationError, AuthenticationMethod.DoesNotExist, IntegrityError) as problem:
        revocation.now(method, client, grant.location, grant.refresh_token)
        raise NoChoice(_told(method, problem)) from None


def _placed(consent: Consent, grant: Grant, fitting: list[Organisation]) -> AuthenticationMethod | PendingGrant:
    method = consent.method
    known = [one for one in fitting if one.id == method.organisation_id]
    if known or (len(fitting) == 1 and not method.organisation_id):
        return status.enable(method, grant, (known or fitting)[0], kind=consent.kind, by=consent.user)
    return _wait(consent, grant, fitting)


def _told(method: AuthenticationMethod, problem: Exception) -> str:
    """What it means for whoever consents: the code was for this once, so nothing goes on by itself."""
    if isinstance(problem, NotSent):
        return _(
            "%(vendor)s did not tell which organisations the consent reaches (%(said)s), so it was not kept. Nothing "
            "was enabled; start again in a moment."
        ) % {"vendor": method.vendor.label, "said": problem.said or _("no answer came")}
    if isinstance(problem, (AuthenticationMethod.DoesNotExist, IntegrityError)):
        return _("The authentication method was deleted meanwhile, so the consent was not kept.")
    return str(problem)


def pick(pending: PendingGrant, organisation_id: str, by: User) -> AuthenticationMethod:
    """Raises NoChoice: not offered, or lost."""
    offered = {one.id: one for one in offers(pending)}
    if organisation_id not in offered:
        raise NoChoice(_("This organisation was not offered. Pick one of the list."))
    grant = _opened(pending)
    with transaction.atomic():
        if not PendingGrant.objects.filter(pk=pending.pk).delete()[0]:
            raise NoChoice(_("The choice was made already."))
        return status.enable(pending.method, grant, offered[organisation_id], kind=pending.kind, by=by)


def _opened(pending: PendingGrant) -> Grant:
    try:
        return Grant(
            access_token=pending.access_token.open(pending.owner),
            refresh_token=pending.refresh_token.open(pending.owner),
            expires_at=pending.expires_at,
            location=pending.location,
            scopes=tuple(pending.scopes),
        )
    except SecretUnreadable as error:
        raise NoChoice(str(error)) from None


def offers(pending: PendingGrant) -> list[Organisation]:
    return [Organisation(**entry) for entry in pending.organisations]


def drop(pending: PendingGrant) -> None:
    with transaction.atomic():
        if PendingGrant.objects.filter(pk=pending.pk).delete()[0]:
            revocation.after_commit(pending.method, pending.refresh_token, pending.owner, pending.location)


def _require_scopes(method: AuthenticationMethod, grant: Grant) -> None:
    missing = method.oauth.missing_scopes(grant.scopes)
    if missing:
        raise NoChoice(
            _("The consent lacks rights that are needed: %(scopes)s. Start again and accept all of them.")
            % {"scopes": ", ".join(missing)}
        )


def _fitting(method: AuthenticationMethod, kind: str, environment: Environment, grant: Grant) -> list[Organisation]:
    connection = Connection(
        location=grant.location,
        organisation_id="",
        token=lambda: grant.access_token,
        renew=lambda used: grant.access_token,
        limiter=Unlimited(),
        foreground=True,
    )
    if method.vendor.directory is None:
        return [Organisation(environment.portal, environment.portal, environment.portal, kind == Kind.SANDBOX)]
    reached = method.vendor.directory.organisations(connection)
    if not reached:
        raise NoChoice(_("The account that consented belongs to no portal. Consent with one that is an administrator."))
    named = [one for one in reached if one.portal.lower() == environment.portal.lower()]
    if environment.portal and not named:
        raise NoChoice(
            _("The consent is for %(reached)s, but the environment URL names “%(portal)s”. Pick that portal at the "
              "consent, or correct the URL.")
            % {"reached": _names(reached), "portal": environment.portal}
        )  # fmt: skip
    candidates = named or reached
    fitting = [one for one in candidates if one.is_sandbox == (kind == Kind.SANDBOX)]
    if not fitting:
        raise NoChoice(_wrong_kind(kind) % {"names": _names(candidates)})
    return fitting


def _wrong_kind(kind: str) -> str:
    if kind == Kind.SANDBOX:
        return _("You chose Sandbox, but %(names)s is a production portal. Nothing was enabled; start again.")
    return _("You chose Production, but %(names)s is a sandbox. Nothing was enabled; start again.")


def _names(organisations: list[Organisation]) -> str:
    others = ["…"] if len(organisations) > MOST_NAMED else []
    return ", ".join([*(f"“{one.name}”" for one in organisations[:MOST_NAMED]), *others])


def _wait(consent: Consent, grant: Grant, fitting: list[Organisation]) -> PendingGrant:
    pending = PendingGrant(
        session_digest=consent.session_digest,
        method=consent.method,
        user=consent.user,
        kind=consent.kind,
        location=grant.location,
        expires_at=grant.expires_at,
        scopes=list(grant.scopes),
        organisations=[asdict(one) for one in fitting[:MOST_OFFERED]],
    )
    pending.access_token = seal(pending.owner, grant.access_token)
    pending.refresh_token = seal(pending.owner, grant.refresh_token)
    pending.save()
    return pending
