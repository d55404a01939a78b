from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from integrations.errors import Misconfigured, NotSent, OutcomeUnknown, RecordGone, Refused, Throttled, Unauthorised
from integrations.types import Connection
from integrations.zoho_desk import errors, reasons
from integrations.zoho_desk.datacentres import DataCentres
from outbound.http import Answer, Client

ID = re.compile(r"[0-9]{1,19}")
TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")
MOST_RECORDS = 1_000
"""Of a list that takes no `limit`: the portals of a person, the fields of a module."""
REMAINING = "X-Rate-Limit-Remaining-v3"


def digits(value: object, *, of: str) -> str:
    """The id as text. Refused unless it is digits only, since it goes into a path (docs/zoho-facts.md 6)."""
    text = str(value)
    if not ID.fullmatch(text):
        raise Refused(reasons.NO_ID(of=of))
    return text


def id_of(value: object) -> str:
    """An id that Zoho told; "" for what is none, since it could not be asked for again, nor always be stored."""
    text = str(value)
    return text if ID.fullmatch(text) else ""


class Desk:
    def __init__(self, client: Client, centres: DataCentres) -> None:
        self._client = client
        self._centres = centres

    def read(
        self,
        connection: Connection,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        in_organisation: bool = True,
    ) -> Mapping[str, Any]:
        """GET. Network trouble is NotSent: a reading changes nothing and can be done again."""
        try:
            return self._ask(connection, "GET", path, params=params, in_organisation=in_organisation)
        except RecordGone as error:
            if any(map(ID.fullmatch, path.split("/"))):
                raise
            # No record was named, so it is the whole address that Zoho does not know.
            raise Misconfigured(reasons.UNKNOWN_ADDRESS, code=error.code, status=error.status) from None

    def page(
        self,
        connection: Connection,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        in_organisation: bool = True,
    ) -> list[Mapping[str, Any]]:
        """None for an empty 204; of too many the first. No list is NotSent: what was not seen must not be taken for
        absent.
        """
        body = self.read(connection, path, params, in_organisation=in_organisation)
        data = body.get("data")
        records = errors.objects(data)
        if body and (not isinstance(data, list) or len(records) != len(data)):
            raise NotSent(errors.NOT_READ.reason)
        return records[: int((params or {}).get("limit", MOST_RECORDS))]

    def write(self, connection: Connection, method: str, path: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        """POST or PATCH. Raises OutcomeUnknown when the request may have been applied."""
        return self._ask(connection, method, path, body=body, in_organisation=True)

    def _ask(
        self,
        connection: Connection,
        method: str,
        path: str,
        *,
        in_organisation: bool,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Mapping[str, Any]:
        url = f"{self._centres.with_desk(connection.location).desk}/api/v1{path}"
        organisation = _organisation(connection) if in_organisation else ""
        token = connection.token()
        try:
            return self._once(connection, method, url, token, organisation, params, body)
        except Unauthorised:
            # A 401 applied nothing, and an early one is normal: Zoho keeps only some live tokens (zoho-facts.md 2.4).
            # Renewed outside the slot, so that no place is held meanwhile. A second 401 is the caller's.
            return self._once(connection, method, url, connection.renew(token), organisation, params, body)

    def _once(
        self,
        connection: Connection,
        method: str,
        url: str,
        token: str,
        organisation: str,
        params: Mapping[str, str] | None,
        body: Mapping[str, object] | None,
    ) -> Mapping[str, Any]:
        headers = _headers(token, organisation)
        slot = partial(connection.limiter.slot, foreground=connection.foreground)
        try:
            answer = self._client.send(method, url, headers=headers, params=params, json=body, slot=slot)
        except OutcomeUnknown as error:
            raise errors.lost(error.reason, writing=body is not None) from None
        connection.limiter.observe(remaining=count_of(answer, REMAINING))
        try:
            return errors.read(answer, writing=body is not None)
        except Throttled as error:
            connection.limiter.hold(error.until)
            raise


def _organisation(connection: Connection) -> str:
    """The orgId header; one that is not a number gives an opaque 500 everywhere (docs/zoho-facts.md 4.2)."""
    if not ID.fullmatch(connection.organisation_id):
        raise Misconfigured(reasons.NO_PORTAL)
    return connection.organisation_id


def _headers(token: str, organisation: str) -> dict[str, str]:
    if not TOKEN.fullmatch(token):  # a line break would start a header of somebody else's
        raise Misconfigured("The stored access token is damaged, so nothing was sent. Reconnect the method.")
    headers = {"Authorization": f"Zoho-oauthtoken {token}", "Accept": "application/json"}
    return {**headers, "orgId": organisation} if organisation else headers


def count_of(answer: Answer, header: str) -> int | None:
    value = answer.headers.get(header, "")
    return int(value) if value.isdecimal() and len(value) < 12 else None
