"""Zoho Accounts: consents and their tokens (docs/zoho-facts.md 2)."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from integrations import base
from integrations.errors import NeedsReconnection, OutcomeUnknown
from integrations.types import App, Environment, Grant, Rate, Scope, Setup
from integrations.zoho_desk import reasons, scopes, token_errors
from integrations.zoho_desk.datacentres import DataCentre, DataCentres
from outbound.http import Client

logger = logging.getLogger(__name__)

CONSOLE = "https://api-console.zoho.com"
"""That of the data centre `us`; others have their own, such as api-console.zoho.eu."""
SETUP = Setup(
    console_name="Zoho's API console",
    register="Open it at your own data centre, for example api-console.zoho.eu. Give the client any name.",
    addresses="Zoho compares them letter by letter. Both redirect URIs belong to the same client.",
    credentials="Zoho shows them under “Client Secret” once the client is made. If people of several data centres use "
    "it, switch on Multi-DC in its settings, with the same credentials for all.",
    sign_in="Asked when people sign in with Zoho, never at the consent: name, e-mail and Zoho user id.",
)
SCOPE = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
"""Separated by spaces in what was seen (2.3), by commas where they are asked for."""
MOST_SCOPES = 200
USUAL_LIFE_SECONDS = 3600
LONGEST_LIFE_SECONDS = 86400
SHORTEST_LIFE_SECONDS = 60
REFRESH_SECONDS = 8.0
"""How long the answer to a refresh may take: all who need the token wait for the one who asks, whose lease must not
end before (authmethods.token_refresh), and losing it harms nobody."""


class Accounts(base.OAuthClient):
    client_type = "Server-based Applications"
    grants_kept = 20  # docs/zoho-facts.md 2.4 [D]
    token_requests = Rate(6, timedelta(minutes=10))  # Zoho blocks after 10 in 10 minutes (2.4); we stop well before
    setup = SETUP

    def __init__(self, client: Client, centres: DataCentres) -> None:
        self._client = client
        self._centres = centres

    @property
    def console_url(self) -> str:
        return self._centres.get(self._centres.default).console or CONSOLE

    @property
    def scopes(self) -> Sequence[Scope]:
        return scopes.asked()

    def missing_scopes(self, granted: Collection[str]) -> list[str]:
        return scopes.missing([scope.name for scope in self.scopes], granted)

    def location_of(self, environment: Environment, accounts_server: str) -> str:
        # Absent without Multi-DC (docs/zoho-facts.md 2.2): then the user is of the data centre where they were sent.
        if not accounts_server:
            return environment.location
        # People live in data centres without Desk too (uk); whoever needs Desk there is told by `Desk`.
        return self._centres.of_accounts_server(accounts_server).location

    def authorise_url(
        self, client_id: str, environment: Environment, *, redirect_uri: str, state: str, code_challenge: str
    ) -> str:
        """Where the administrator consents. Zoho itself leads a user of another data centre to their own (2.2)."""
        query = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "scope": ",".join(scope.name for scope in self.scopes),
            "access_type": "offline",  # else no refresh token
            "prompt": "consent",  # else a repeated grant gives none
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._centres.get(environment.location).accounts}/oauth/v2/auth?{urlencode(query)}"

    def redeem(self, app: App, location: str, *, code: str, redirect_uri: str, code_verifier: str) -> Grant:
        """A code lives about a minute and serves once."""
        row = self._centres.get(location)
        form = code_form(code, redirect_uri, code_verifier)
        grant = _grant(token(self._client, row, app, form), row)
        if not grant.refresh_token:
            raise NeedsReconnection(reasons.NO_REFRESH_TOKEN)
        return grant

    def refresh(self, app: App, location: str, refresh_token: str) -> Grant:
        """Ask for a new access token. Network trouble is NotSent: a token that got lost on the way harms nobody."""
        row = self._centres.get(location)
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return _grant(token(self._client, row, app, form, read_seconds=REFRESH_SECONDS), row, kept=refresh_token)

    def revoke(self, app: App, location: str, refresh_token: str) -> None:
        """End a refresh token and its access tokens. One that Zoho no longer knows counts as ended.

        Zoho describes two ways (zoho-facts 2.5). The second one is for where the first is not understood: the product
        pages show its token in the query, and ours is in the form, since addresses end up in logs.
        """
        base, form = self._centres.get(location).accounts, {"token": refresh_token}
        answer = self._client.send("POST", f"{base}/oauth/v2/token/revoke", form=form)
        if not token_errors.confirms(answer) and answer.status < 500:
            basic = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
            headers, form = {"Authorization": f"Basic {basic}"}, {**form, "token_type": "refresh_token"}
            answer = self._client.send("POST", f"{base}/oauth/v2/revoke/token", headers=headers, form=form)
        token_errors.revoked(answer)


def code_form(code: str, redirect_uri: str, code_verifier: str) -> dict[str, str]:
    form = {"grant_type": "authorization_code", "redirect_uri": redirect_uri, "code": code}
    return {**form, "code_verifier": code_verifier} if code_verifier else form


def token(
    client: Client, row: DataCentre, app: App, form: Mapping[str, str], *, read_seconds: float | None = None
) -> Mapping[str, Any]:
    """The token endpoint's answer. Credentials go in the form body, never in an address (2.3)."""
    credentials = {"client_id": app.client_id, "client_secret": app.client_secret}
    url, sent = f"{row.accounts}/oauth/v2/token", {**form, **credentials}
    refreshing = form["grant_type"] == "refresh_token"
    try:
        answer = client.send("POST", url, form=sent, read_seconds=read_seconds)
    except OutcomeUnknown as error:
        raise token_errors.lost(error.reason, refreshing=refreshing) from None
    return token_errors.read(answer, refreshing=refreshing)


def _grant(answer: Mapping[str, Any], row: DataCentre, kept: str = "") -> Grant:
    api_domain = str(answer.get("api_domain") or "").rstrip("/").lower()
    if api_domain and row.api_domain and api_domain != row.api_domain:
        # Only a cross-check: Desk is never asked there (docs/zoho-facts.md 1).
        logger.warning("Zoho's token names another api_domain than the table has for %s", row.location)
    newer = answer.get("refresh_token")
    return Grant(
        access_token=str(answer["access_token"]),
        # The answer to a refresh carries none: the old one stays, as it does beside anything that is no token.
        refresh_token=newer if isinstance(newer, str) and newer else kept,
        expires_at=datetime.now(UTC) + timedelta(seconds=life(answer)),
        location=row.location,
        scopes=tuple(SCOPE.findall(str(answer.get("scope") or ""))[:MOST_SCOPES]),
    )


def life(answer: Mapping[str, Any]) -> int:
    """Seconds that an access token lives, from either style: `expires_in_sec`, or `expires_in` in s or ms (2.3)."""
    for name in ("expires_in_sec", "expires_in"):
        try:
            seconds = int(float(answer[name]))
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
        if name == "expires_in" and seconds > LONGEST_LIFE_SECONDS:
            seconds //= 1000
        return min(max(seconds, SHORTEST_LIFE_SECONDS), LONGEST_LIFE_SECONDS)
    return USUAL_LIFE_SECONDS
