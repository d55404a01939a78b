"""Requests as no client of ours would send them, and answers before anybody has read a meaning into them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from integrations.errors import Throttled
from integrations.types import Connection
from integrations.zoho_desk import errors
from integrations.zoho_desk.client import REMAINING, count_of
from integrations.zoho_desk.datacentres import DataCentres
from outbound.http import Answer, Client

USUAL = "Zoho-oauthtoken"
WEIGHT = "X-Rate-Limit-Request-Weight-v3"
REFUSALS = (400, 422)


@dataclass(frozen=True)
class Heard:
    """An answer of Zoho Desk. `body` is customers' data: what is shown of it are counts and names of fields."""

    status: int
    code: str
    body: Mapping[str, Any] = field(repr=False)
    is_json: bool
    remaining: int | None
    weight: int | None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300 and not self.code

    @property
    def refused(self) -> bool:
        return self.status in REFUSALS

    @property
    def said(self) -> str:
        parts = [str(self.status), self.code or ("" if self.is_json or self.status == 204 else "without JSON")]
        fields = ", ".join(sorted(self.fields))
        return " ".join(part for part in [*parts, fields and f"({fields})"] if part)

    @property
    def fields(self) -> set[str]:
        return set(errors.validation_errors(self.body))

    @property
    def entries(self) -> list[Mapping[str, Any]]:
        return errors.objects(self.body.get("data"))


def filter_by(name: str, value: str) -> dict[str, str]:
    return {"filters": json.dumps({"criteria": {"fieldConditions": [{"field": name, "con": "is", "data": [value]}]}})}


class Wire:
    def __init__(self, client: Client, centres: DataCentres, connection: Connection) -> None:
        self._client = client
        self._base = f"{centres.with_desk(connection.location).desk}/api/v1"
        self.connection = connection

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        scheme: str = USUAL,
        token: str | None = None,
        organisation: str | None = None,
    ) -> Heard:
        """Without `token` or `organisation` the connection's own, "" sends none. A usual request that meets a 401
        renews the token and is sent once more, as the client does it.
        """
        own = self.connection.token() if token is None else token
        organisation = self.connection.organisation_id if organisation is None else organisation
        heard = self._send("GET", path, _headers(scheme, own, organisation), params=params)
        if heard.status == 401 and token is None and scheme == USUAL:
            renewed = self.connection.renew(own)
            heard = self._send("GET", path, _headers(scheme, renewed, organisation), params=params)
        return heard

    def post(self, path: str, body: Mapping[str, object]) -> Heard:
        """POST. Raises OutcomeUnknown when the request may have been applied."""
        headers = _headers(USUAL, self.connection.token(), self.connection.organisation_id)
        return self._send("POST", path, headers, body=body)

    def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Heard:
        pace = self.connection.limiter
        slot = partial(pace.slot, foreground=True)
        answer = self._client.send(method, self._base + path, headers=headers, params=params, json=body, slot=slot)
        heard = _heard(answer)
        pace.observe(remaining=heard.remaining)
        if heard.status == 429:
            pace.hold(until := errors.retry_after(answer))
            raise Throttled(f"Zoho Desk asked to wait ({heard.said}).", until=until)
        return heard


def _headers(scheme: str, token: str, organisation: str) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"{scheme} {token}"
    return {**headers, "orgId": organisation} if organisation else headers


def _heard(answer: Answer) -> Heard:
    body = errors.body_of(answer)
    return Heard(
        status=answer.status,
        code=errors.code_of(body),
        body=body or {},
        is_json=body is not None,
        remaining=count_of(answer, REMAINING),
        weight=count_of(answer, WEIGHT),
    )
