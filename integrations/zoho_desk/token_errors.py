"""What Zoho's token endpoint said, in our words: the body first, the status second (docs/zoho-facts.md 2.3).

Only a refusal that Zoho itself names means that the grant is lost. Whatever else comes back (an HTML page, a 500, a
name that nobody wrote down) is trouble that passes, since a wrong verdict would stop every delivery of a customer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.reasons import Reason, declare
from integrations.errors import IntegrationError, NeedsReconnection, NotSent, OutcomeUnknown, Throttled
from integrations.zoho_desk import reasons
from integrations.zoho_desk.client import TOKEN
from outbound.http import Answer

THROTTLE = timedelta(minutes=10)
"""10 access tokens per refresh token in 10 minutes; beyond, blocked for the rest of the window (zoho-facts.md 2.4)."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,60}")

_REFUSALS = {
    # [S] Weble/ZohoBooksApi#84 and others, seen with HTTP 200: also a refresh token revoked or evicted by the 21st.
    "invalid_code": "Zoho no longer accepts this consent (it was revoked, replaced, used already, or came too late).",
    # Not in Zoho's text; RFC 6749's name for the same.
    "invalid_grant": "Zoho no longer accepts this consent (it was revoked, replaced, used already, or came too late).",
    "invalid_token": "Zoho no longer accepts this consent (it was revoked or replaced).",
    # [R] Also when the client was registered in another data centre.
    "invalid_client": "Zoho does not know this client ID in this data centre: check client ID and environment URL.",
    # [R] Per-data-centre secrets differ unless “same credentials for all data centres” is ticked.
    "invalid_client_secret": "Zoho does not accept the client secret for this data centre: check it.",
    # [R] Exchange only.
    "invalid_redirect_uri": "The redirect address is not registered at Zoho: copy it from the setup page.",
    "redirect_uri_mismatch": "The redirect address is not registered at Zoho: copy it from the setup page.",
    # RFC 6749 5.2, and names of the same kind.
    "invalid_scope": "Zoho does not grant one of the rights asked for.",
    "invalid_request": "Zoho did not accept the form of the request.",
    "unauthorized_client": "Zoho gives this client no tokens: its type must be Server-based Applications.",
    "unsupported_grant_type": "Zoho gives this client no tokens: its type must be Server-based Applications.",
}
REFUSALS = {name: declare(f"zoho_desk.token.{name}", text) for name, text in _REFUSALS.items()}


@dataclass(frozen=True)
class _Meaning:
    refused: Reason
    throttled: Reason


_OF_REFRESH = _Meaning(reasons.GRANT_REFUSED, reasons.REFRESH_THROTTLED)
# A code is redeemed while a person waits: of a consent, or of a sign-in. The method stays as it was.
_OF_CODE = _Meaning(reasons.CODE_REFUSED, reasons.CODE_THROTTLED)


def read(answer: Answer, *, refreshing: bool) -> Mapping[str, Any]:
    """The answer when it holds an access token that a header can carry.

    Raises NeedsReconnection, Throttled, NotSent or OutcomeUnknown.
    """
    body = _object(answer)
    token = body.get("access_token")
    if isinstance(token, str) and TOKEN.fullmatch(token) and not body.get("error"):
        return body
    _raise_named(body, answer, _OF_REFRESH if refreshing else _OF_CODE)
    raise lost(reasons.NO_TOKEN, refreshing=refreshing, code=_name(body), status=answer.status)


def lost(cause: Reason, *, refreshing: bool, code: str = "", status: int = 0) -> IntegrationError:
    """What it means that no usable answer came: a code may have been used up, a refresh token never is."""
    if refreshing:
        return NotSent(reasons.REFRESH_LOST(cause=cause), code=code, status=status)
    return OutcomeUnknown(reasons.CODE_LOST(cause=cause), code=code, status=status)


def confirms(answer: Answer) -> bool:
    """Whether Zoho says that it ended a token: {"status": "success"} [R], or at least an object without an error."""
    body = _object(answer)
    said = body.get("status", "success")
    return 200 <= answer.status < 300 and bool(body) and said == "success" and body.get("error") is None


def revoked(answer: Answer) -> None:
    """Accept that a token ended, or that Zoho does not know it any more. Raises Throttled or NotSent."""
    body = _object(answer)
    if confirms(answer) or (answer.status < 500 and _name(body) in {"invalid_code", "invalid_token"}):
        return
    _raise_named(body, answer, _OF_REFRESH)
    raise NotSent(reasons.NOT_REVOKED, code=_name(body), status=answer.status)


def _raise_named(body: Mapping[str, Any], answer: Answer, meaning: _Meaning) -> None:
    name = _name(body)
    # RFC 6749 knows access_denied of the consent page alone: here it can only be the throttle, otherwise written.
    said = f"{body.get('error')} {body.get('error_description')}".lower().replace("_", " ")
    if answer.status == 429 or "access denied" in said or "too many requests" in said:
        # {"error": "Access Denied", "error_description": "You have made too many requests continuously. …"}, with 400
        # in recent logs [S] and 200 by Kaizen 43 [D].
        until = datetime.now(UTC) + THROTTLE
        raise Throttled(meaning.throttled, until=until, code=name, status=answer.status)
    if name in REFUSALS and answer.status < 500:
        raise NeedsReconnection(meaning.refused(cause=REFUSALS[name]), code=name, status=answer.status)


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _name(body: Mapping[str, Any]) -> str:
    """Zoho's error name, if it looks like one: the rest of a body is shown to nobody."""
    name = body.get("error")
    return name if isinstance(name, str) and NAME.fullmatch(name) else ""
