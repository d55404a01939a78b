"""The account that is asked: ways to ask it, and what several probes read of it, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from integrations.errors import NotSent
from integrations.types import App, Connection
from integrations.zoho_desk import errors
from integrations.zoho_desk.client import Desk
from integrations.zoho_desk.datacentres import DataCentre, DataCentres
from integrations.zoho_desk.directory import Directory
from integrations.zoho_desk.fields import Fields
from integrations.zoho_desk.pagination import PER_PAGE
from integrations.zoho_desk.probes.shape import TOKEN_PATH, Shape, Watched, shape_of
from integrations.zoho_desk.probes.trial import Observed, Trial
from integrations.zoho_desk.probes.wire import Heard, Wire
from integrations.zoho_desk.schema import CALLS
from outbound.http import Client

Entry = Mapping[str, Any]
PAGE = {"limit": str(PER_PAGE)}


class Account:
    """`connection.renew` goes through an integration that sends by `watched`. `patience`: seconds that a record may
    take to be seen, None to write nothing.
    """

    def __init__(
        self, watched: Watched, centres: DataCentres, connection: Connection, app: App, *, patience: float | None
    ) -> None:
        self.wire = Wire(watched, centres, connection)
        self.centre: DataCentre = centres.get(connection.location)
        self.centres = centres
        self.connection = connection
        self._watched = watched
        self._client: Client = watched.inner
        self._app = app
        desk = Desk(watched.inner, centres)
        self._directory = Directory(desk)
        self._fields = Fields(desk)
        self.trial = None if patience is None else Trial(self.wire, desk, lambda: self.call_layout, patience)

    def require_portal(self) -> None:
        """Raise the error of the client when the portal cannot be asked at all."""
        self._directory.organisations(self.connection)

    @property
    def observed(self) -> Observed:
        return self.trial.observed if self.trial else Observed()

    @property
    def left(self) -> list[str]:
        return self.trial.own.left if self.trial else []

    @property
    def patience(self) -> float:
        return self.trial.patience if self.trial else 0.0

    @property
    def why_not_reached(self) -> str:
        """Why a probe that judges a trial has nothing to judge."""
        if self.trial is None:
            return "Only --write can tell."
        return self.trial.trouble or "An earlier step was refused."

    @cached_property
    def refreshed(self) -> Shape:
        """Raises what the refresh raises."""
        self.connection.renew(self.connection.token())
        if self._watched.shape is None:
            raise NotSent("Somebody else renewed the token just now, so no answer was seen. Try again.")
        return self._watched.shape

    def asked_for_token(self, form: Mapping[str, str]) -> Shape:
        """How the token endpoint answers this form, sent with our client's credentials unless it has others."""
        credentials = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}
        answer = self._client.send("POST", f"{self.centre.accounts}{TOKEN_PATH}", form={**credentials, **form})
        return shape_of(answer)

    @cached_property
    def registry(self) -> dict[str, str]:
        body = errors.body_of(self._client.send("GET", f"{self.centre.accounts}/oauth/serverinfo")) or {}
        told = body.get("locations")
        return {str(code): str(url).rstrip("/") for code, url in told.items()} if isinstance(told, Mapping) else {}

    @cached_property
    def organisations(self) -> Heard:
        return self.wire.get("/organizations", organisation="")

    @cached_property
    def me(self) -> Heard:
        return self.wire.get("/myinfo")

    @cached_property
    def contacts(self) -> list[Entry]:
        return self.wire.get("/contacts", PAGE).entries

    @cached_property
    def calls(self) -> list[Entry]:
        return self.wire.get("/calls", PAGE).entries

    @cached_property
    def call_fields(self) -> dict[str, Entry]:
        """The fields of calls by API name, as /fields lists them."""
        return {str(entry.get("apiName")): entry for entry in self.wire.get("/fields", {"module": "calls"}).entries}

    @cached_property
    def call_layout(self) -> dict[str, Entry]:
        """The fields of calls by API name, as their default layout has them."""
        return self._fields.layout(self.connection, CALLS)
