"""The consent of an administrator at the vendor: how it begins, and what its return is worth.

The attacks: our one callback serves all methods, so whoever can make an administrator open a
crafted return could connect a method to the attacker's portal, and somebody who starts a consent could have another
one finish it. So the state, stored as a digest, binds user, session, method and kind; it is taken once, by a
conditional delete; the right is asked again; and the code goes only to an accounts server of our own table.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _

from authmethods import addresses, agreement, issued_grants, organisation
from authmethods.fields import SecretUnreadable, seal
from authmethods.models import AuthenticationMethod, ClientSecret, Consent, PendingGrant
from integrations.base import OAuthClient
from integrations.errors import IntegrationError
from integrations.types import App, Environment
from users.models import User

RIGHT = "authmethods.change_authenticationmethod"


class ConsentFailed(Exception):
    """The method stays as it was. The text is for the administrator."""


@dataclass(frozen=True)
class Return:
    user: User
    session_key: str = field(repr=False)
    state: str = field(repr=False)
    code: str = field(repr=False)
    error: str
    accounts_server: str


def begin(method: AuthenticationMethod, kind: str, user: User, session: SessionBase) -> str:
    """The vendor's address to which this administrator goes now. Raises ConsentFailed."""
    if not user.has_perm(RIGHT):
        raise ConsentFailed(_("You lack the right to modify authentication methods."))
    sweep()
    if why := agreement.why_not_seal():
        raise ConsentFailed(why)
    _client(method)  # a missing secret is told now, not after the consent
    oauth, environment = _oauth(method), _environment(method)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    consent = Consent(
        state_digest=digest(state), session_digest=digest(session.session_key), method=method, user=user, kind=kind
    )
    consent.verifier = seal(consent.owner, verifier)
    consent.save()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return oauth.authorise_url(
        method.client_id,
        environment,
        redirect_uri=addresses.consent_return(),
        state=state,
        code_challenge=challenge,
    )


def complete(returned: Return) -> AuthenticationMethod | PendingGrant:
    """Make the consent count: the enabled method, or what waits for the administrator to pick. Raises ConsentFailed."""
    consent = _take(returned)
    method = consent.method
    if returned.error:
        raise ConsentFailed(_refusal(returned.error))
    if not returned.code:
        raise ConsentFailed(_("The return from the consent page held no code. Start the consent again."))
    client, environment = _client(method), _environment(method)
    try:
        location = method.oauth.location_of(environment, returned.accounts_server)
        grant = method.oauth.redeem(
            client,
            location,
            code=returned.code,
            redirect_uri=addresses.consent_return(),
            code_verifier=consent.verifier.open(consent.owner),
        )
    except (IntegrationError, SecretUnreadable) as error:
        raise ConsentFailed(str(error)) from None
    issued_grants.note(method, location, grant.refresh_token)
    try:
        return organisation.settle(consent, client, environment, grant)
    except organisation.NoChoice as problem:
        raise ConsentFailed(str(problem)) from None


def sweep() -> None:
    """Drop what was begun and not finished in time, with the tokens that nobody picked an organisation for."""
    latest = datetime.now(UTC) - Consent.LIFETIME
    Consent.objects.filter(started_at__lt=latest).delete()
    for pending in PendingGrant.objects.filter(started_at__lt=latest).select_related("method"):
        organisation.drop(pending)


def digest(text: str | None) -> str:
    """What is stored of a state or a session key: reading the table gives neither. Raises ConsentFailed for none."""
    if not text:
        raise ConsentFailed(_("Your session has ended. Sign in to the Maker and start again."))
    return hashlib.sha256(text.encode()).hexdigest()


def _take(returned: Return) -> Consent:
    nothing = ConsentFailed(
        _(
            "This return from the consent page belongs to no consent that you began in this browser, or it was used "
            "already. Nothing was changed. Start again from the status of the method."
        )
    )
    if not returned.state:
        raise nothing
    own = Consent.objects.filter(
        state_digest=digest(returned.state), session_digest=digest(returned.session_key), user=returned.user
    )
    consent = own.select_related("method", "user").first()
    if consent is None or not own.delete()[0]:
        raise nothing
    if consent.started_at < datetime.now(UTC) - Consent.LIFETIME:
        raise ConsentFailed(_("The consent took longer than ten minutes, so it no longer counts. Start it again."))
    if not (returned.user.is_active and returned.user.has_perm(RIGHT)):
        raise ConsentFailed(_("You no longer have the right to modify authentication methods. Nothing was changed."))
    return consent


def _refusal(error: str) -> str:
    """What the vendor's `error` means. The parameter is anyone's to write, so it is never shown."""
    if error == "access_denied":
        return _("The consent was refused, so the method stays as it was. Start again to accept it.")
    return _(
        "The request for consent was not accepted. Compare client ID, client type and redirect addresses "
        "with the setup page, then start again."
    )


def _client(method: AuthenticationMethod) -> App:
    try:
        return method.app()
    except ClientSecret.DoesNotExist:
        raise ConsentFailed(_("This method has no client secret yet. Edit it and enter the secret.")) from None
    except SecretUnreadable as error:
        raise ConsentFailed(str(error)) from None


def _oauth(method: AuthenticationMethod) -> OAuthClient:
    try:
        return method.oauth
    except IntegrationError as error:
        raise ConsentFailed(str(error)) from None


def _environment(method: AuthenticationMethod) -> Environment:
    try:
        return method.vendor.read_environment(method.environment_url)
    except IntegrationError as error:
        raise ConsentFailed(str(error)) from None
