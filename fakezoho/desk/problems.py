from __future__ import annotations

from typing import Any

STATUS = {
    "BAD_REQUEST": 400,
    "UNAUTHORIZED": 401,
    "INVALID_OAUTH": 401,
    "SCOPE_MISMATCH": 403,
    "OAUTH_ORG_MISMATCH": 403,
    "FORBIDDEN": 403,
    "LICENSE_ACCESS_LIMITED": 403,
    "URL_NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "RESOURCE_SIZE_EXCEEDED": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "INVALID_DATA": 422,
    "EMPTY_PAYLOAD": 422,
    "UNPROCESSABLE_ENTITY": 422,
    "THRESHOLD_EXCEEDED": 429,
    "TOO_MANY_REQUESTS": 429,
    "INTERNAL_SERVER_ERROR": 500,
}

MESSAGES = {
    "UNAUTHORIZED": "You are not authenticated to perform this operation.",
    "INVALID_OAUTH": "The OAuth Token you provided is invalid.",
    "SCOPE_MISMATCH": "The OAuth Token does not have the scope needed for this operation.",
    "OAUTH_ORG_MISMATCH": "The OAuthToken is not valid for specified organization",
    "FORBIDDEN": "You do not have the permission to perform this operation.",
    "LICENSE_ACCESS_LIMITED": "The edition of this portal allows no more of it.",
    "URL_NOT_FOUND": "The URL given does not match any resource.",
    "METHOD_NOT_ALLOWED": "The HTTP method is not allowed for this resource.",
    "RESOURCE_SIZE_EXCEEDED": "The size of the resource exceeds the limit.",
    "UNSUPPORTED_MEDIA_TYPE": "The content type is not supported. Send application/json.",
    "INVALID_DATA": "The data does not comply to the validation restrictions defined.",
    "EMPTY_PAYLOAD": "The payload is empty.",
    "THRESHOLD_EXCEEDED": "The number of API credits for the day has been exceeded.",
    "TOO_MANY_REQUESTS": "The maximum number of Concurrent API Calls that can be made has been exceeded.",
    "INTERNAL_SERVER_ERROR": "An internal server error occurred.",
}


class Refused(Exception):
    """Desk refuses, in the envelope of docs/zoho-facts.md 4.2: code, status, and the fields at fault."""

    def __init__(self, code: str, message: str = "", errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.body: dict[str, Any] = {"errorCode": code, "message": message or MESSAGES.get(code, code)}
        if errors:
            self.body["errors"] = errors
        self.headers: dict[str, str] = {}


def invalid(field: str, kind: str = "invalid") -> Refused:
    """Refuse one field of the body, named by a JSON Pointer such as ``/contactId``."""
    return Refused("INVALID_DATA", errors=[{"fieldName": field, "errorType": kind}])
