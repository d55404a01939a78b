"""One table, each row with its source (docs/zoho-facts.md 4.2). The body is read first: errors can come with HTTP
200. Zoho's texts are never repeated, for they hold customers' data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.reasons import Reason, declare
from integrations.errors import (
    IntegrationError,
    Misconfigured,
    NotSent,
    OutcomeUnknown,
    RecordGone,
    Refused,
    Throttled,
    Unauthorised,
)
from outbound.http import Answer

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
FIELD = re.compile(r"/?[A-Za-z0-9_/]{1,100}")
MOST_FIELDS = 20
LONGEST_WAIT = timedelta(hours=24)
SPENT = "THRESHOLD_EXCEEDED"
DOUBTED_AFTER = timedelta(hours=1)
"""When to ask again if the day's credits are gone and no usable Retry-After says until when."""

VALIDATION_ERRORS = {
    "missing": "Zoho Desk requires it.",
    "invalid": "Zoho Desk does not accept this value.",
    "duplicate": "Zoho Desk already has a record with this value.",
}


PREFIX = "zoho_desk."


@dataclass(frozen=True)
class Row:
    error: type[IntegrationError]
    reason: Reason


_CHECK_MAPPING = "Correct the rule or the value, then replay the delivery."
_AGENT = "Give the right to the agent who consented (Zoho Desk, Setup, Profiles), or reconnect with another agent."

_OTHER_FAMILIES = (
    "If none was left out, Zoho wants others besides: name them under further_scopes on this server "
    "(docs/zoho-smoke.md, “When every right was granted”), then reconnect."
)

_BY_CODE: Mapping[str, tuple[type[IntegrationError], str]] = {
    # 400 [D]
    "BAD_REQUEST": (Refused, f"Zoho Desk did not understand the request; nothing was written. {_CHECK_MAPPING}"),
    # 401, no token; live text seen [S]
    "UNAUTHORIZED": (
        Unauthorised,
        "Zoho Desk did not accept the access token; nothing was written. It is tried again with a new one; if it stays "
        "so, reconnect the authentication method.",
    ),
    # 401, bad, expired or evicted token [S]; also reported where a scope was missing [R]
    "INVALID_OAUTH": (
        Unauthorised,
        "Zoho Desk did not accept the access token; nothing was written. It is tried again with a new one; if it stays "
        "so, reconnect the authentication method, and compare the granted rights with those that the setup page lists. "
        f"{_OTHER_FAMILIES}",
    ),
    # 403 [R, twice]; Zoho does not name the scope. That one family of them is enough is a guess (4.4, 8)
    "SCOPE_MISMATCH": (
        Misconfigured,
        "The consent lacks a right that this request needs; nothing was written. Reconnect the authentication method "
        f"and accept all rights that are asked for. {_OTHER_FAMILIES}",
    ),
    # 403 [R, twice]
    "OAUTH_ORG_MISMATCH": (
        Misconfigured,
        "The consent was given for another Zoho Desk portal; nothing was written. Check the environment URL, then "
        "reconnect and choose this portal.",
    ),
    # 403 [D]
    "FORBIDDEN": (Misconfigured, f"Zoho Desk does not let this agent do that; nothing was written. {_AGENT}"),
    # 403 with feature, editionType, maxAllowedEntity, isTrial [D]
    "LICENSE_ACCESS_LIMITED": (
        Misconfigured,
        "The portal's edition does not include this; nothing was written. Change the edition, or the rule here.",
    ),
    # [D], status not found
    "ONLY_LIVECHAT_USER": (
        Misconfigured,
        f"The agent who consented may only use live chat; nothing was written. {_AGENT}",
    ),
    "INTEGRATION_ADMIN_ERROR": (
        Misconfigured,
        "Zoho Desk reports a problem with the administrator of an integration; nothing was written. Reconnect as an "
        "administrator of the portal.",
    ),
    # 404 [D]; also an unknown, trashed or merged-away record
    "URL_NOT_FOUND": (
        RecordGone,
        "The record is not in Zoho Desk any more (trashed, or merged into another); nothing was written. Look it up "
        "again, then replay the delivery.",
    ),
    # 405, 413, 415 [D]
    "METHOD_NOT_ALLOWED": (Refused, "Zoho Desk does not offer this operation; nothing was written. Report it."),
    "RESOURCE_SIZE_EXCEEDED": (
        Refused,
        f"The record is larger than Zoho Desk accepts; nothing was written. {_CHECK_MAPPING}",
    ),
    "UNSUPPORTED_MEDIA_TYPE": (Refused, "Zoho Desk does not accept this content; nothing was written. Report it."),
    # 422 [D]; EMPTY_PAYLOAD's status is [G]
    "INVALID_DATA": (Refused, f"Zoho Desk refused values of the record; nothing was written. {_CHECK_MAPPING}"),
    "UNPROCESSABLE_ENTITY": (Refused, f"Zoho Desk refused the request; nothing was written. {_CHECK_MAPPING}"),
    "EMPTY_PAYLOAD": (
        Refused,
        "The form gave no value at all, so there was nothing to write. Fill in the form of the rule.",
    ),
    "DUPLICATE_CONTRACT": (Refused, f"Zoho Desk already has this record; nothing was written. {_CHECK_MAPPING}"),
    # 429 [D]: the day's credits are gone; Retry-After says until when
    SPENT: (
        Throttled,
        "The portal has used up its Zoho API credits of today; nothing was written. It goes on by itself after the "
        "reset. More credits come with a higher edition or more agents.",
    ),
    # 429 [D]: too many at once, without Retry-After
    "TOO_MANY_REQUESTS": (
        Throttled,
        "Zoho Desk was asked too many things at once; nothing was written. It goes on by itself. If it happens often, "
        "test the connection, which reads the portal's edition anew, or lower PACE_SHARE, our part of what it allows.",
    ),
}

BY_CODE = {code: Row(error, declare(f"{PREFIX}{code.lower()}", text)) for code, (error, text) in _BY_CODE.items()}
_OF_FIELDS = {
    code: declare(f"{PREFIX}{code.lower()}_fields", f"{text} Fields: {{fields}}.")
    for code, (error, text) in _BY_CODE.items()
    if issubclass(error, Refused)
}

# 500 [D]; a non-numeric orgId gives it too [S], which is why ids are checked before sending.
BROKEN = "INTERNAL_SERVER_ERROR"

BY_STATUS: Mapping[int, str] = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",  # an HTML page "Zoho Desk - Error", seen on desk.zoho.eu [S: airbytehq/airbyte#73352]
    403: "FORBIDDEN",
    404: "URL_NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "RESOURCE_SIZE_EXCEEDED",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE_ENTITY",
    429: "TOO_MANY_REQUESTS",
}

REDIRECTED = Row(
    Misconfigured,  # [R]
    declare(
        "zoho_desk.redirected",
        "Zoho Desk answered with a redirect, which it does when the portal lives in another data centre; nothing was "
        "written. Check the environment URL, then reconnect.",
    ),
)
_CHANGED_NOTHING = "Nothing was changed, and it is tried again by itself."
_LOOKED_UP = "It may or may not have been written. It is looked up before anything is written again."
NOT_READ = Row(NotSent, declare("zoho_desk.not_read", f"Zoho Desk gave no usable answer. {_CHANGED_NOTHING}"))
NOT_SEEN = Row(
    OutcomeUnknown,
    declare("zoho_desk.not_seen", f"Zoho Desk took the request but gave no usable answer. {_LOOKED_UP}"),
)
_READ_LOST = declare("zoho_desk.read_lost", f"{{cause}} {_CHANGED_NOTHING}")
_WRITE_LOST = declare("zoho_desk.write_lost", f"{{cause}} {_LOOKED_UP}")
OTHER = "UNPROCESSABLE_ENTITY"


def read(answer: Answer, *, writing: bool) -> Mapping[str, Any]:
    """The record or page that came back ({} for an empty 204 alone). Raises the errors of `integrations.errors`."""
    body = body_of(answer)
    code = code_of(body)
    if answer.status == 204 and not answer.body:
        return {}
    if 200 <= answer.status < 300 and body and not code:
        return body
    raise _error(answer, body or {}, code, writing=writing)


def lost(cause: Reason, *, writing: bool) -> IntegrationError:
    """What it means that a request went out and no whole answer came back."""
    return OutcomeUnknown(_WRITE_LOST(cause=cause)) if writing else NotSent(_READ_LOST(cause=cause))


def _error(answer: Answer, body: Mapping[str, Any], code: str, *, writing: bool) -> IntegrationError:
    row = _row(answer.status, code, writing=writing)
    shown = {"code": code, "status": answer.status}
    if row.error is Throttled:
        until = retry_after(answer) or (datetime.now(UTC) + DOUBTED_AFTER if code == SPENT else None)
        return Throttled(row.reason, until=until, **shown)  # type: ignore[arg-type]
    if not issubclass(row.error, Refused):
        return row.error(row.reason, **shown)  # type: ignore[arg-type]
    fields = validation_errors(body)
    if set(fields) == {"contactId"} and _types(body) == {"invalid"}:
        # We send ids of digits only, so an invalid contact is one that is gone. docs/zoho-facts.md has 404 for this
        # case [4.6]; the 422 form is our reading [G].
        row = BY_CODE["URL_NOT_FOUND"]
    reason = row.reason
    if fields:
        others = " …" if len(fields) == MOST_FIELDS else ""
        reason = _OF_FIELDS[reason.code.removeprefix(PREFIX).upper()](fields=f"{', '.join(sorted(fields))}{others}")
    return row.error(reason, fields=fields, **shown)  # type: ignore[call-arg,arg-type]


def _row(status: int, code: str, *, writing: bool) -> Row:
    lost = NOT_SEEN if writing else NOT_READ
    if code in BY_CODE:
        return BY_CODE[code]
    if code == BROKEN or status >= 500 or status == 408:
        return lost
    if 300 <= status < 400:
        return REDIRECTED
    if status >= 400:
        return BY_CODE[BY_STATUS.get(status, OTHER)]
    return lost  # 2xx with HTML, half a JSON, nothing at all, or a code that nobody wrote down


def validation_errors(body: Mapping[str, Any]) -> dict[str, str]:
    """Field by field what Zoho refuses, by API name; `fieldName` is a JSON pointer such as /cf/cf_reason (4.2)."""
    found: dict[str, str] = {}
    for entry in objects(body.get("errors")):
        if len(found) == MOST_FIELDS:
            break
        pointer, kind = entry.get("fieldName"), entry.get("errorType")
        if not isinstance(pointer, str) or not FIELD.fullmatch(pointer):
            continue
        steps = [step for step in pointer.split("/") if step and not step.isdecimal()]  # a number is a place in a list
        if steps:
            found[steps[-1]] = VALIDATION_ERRORS.get(str(kind), VALIDATION_ERRORS["invalid"])
    return found


def retry_after(answer: Answer) -> datetime | None:
    """When Zoho lets us go on (UTC), from Retry-After in seconds; None when it names no time. At most a day."""
    value = answer.headers.get("Retry-After", "")
    if not value.isdecimal() or len(value) > 9 or not int(value):
        return None
    return datetime.now(UTC) + min(timedelta(seconds=int(value)), LONGEST_WAIT)


def _types(body: Mapping[str, Any]) -> set[str]:
    return {str(entry.get("errorType")) for entry in objects(body.get("errors"))}


def objects(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def body_of(answer: Answer) -> Mapping[str, Any] | None:
    """The body if it is a JSON object, None for HTML, half a JSON, a list or nothing."""
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def code_of(body: Mapping[str, Any] | None) -> str:
    """Zoho's code, if it looks like one; a record that has a field of that name is no error."""
    code = (body or {}).get("errorCode")
    return code if isinstance(code, str) and CODE.fullmatch(code) else ""
