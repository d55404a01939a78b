from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from authmethods import tokens
from authmethods.fields import SecretUnreadable
from authmethods.models import AuthenticationMethod, ClientSecret
from integrations.base import Directory, Integration, Schema
from integrations.errors import IntegrationError, Misconfigured
from integrations.types import Connection


@dataclass(frozen=True)
class Step:
    """One thing that was tried; `ok` is None when an earlier failure made it pointless."""

    name: str
    ok: bool | None
    milliseconds: int
    message: str


class _Test:
    def __init__(self, method: AuthenticationMethod) -> None:
        self.method = method
        self.connection: Connection

    def secret(self) -> str:
        try:
            self.method.app()
        except ClientSecret.DoesNotExist:
            raise Misconfigured(_("No client secret was entered. Edit the method and enter it.")) from None
        except SecretUnreadable as error:
            raise Misconfigured(str(error)) from None
        return _("The client secret can be read.")

    def token(self) -> str:
        self.connection = tokens.connect(self.method, foreground=True)
        self.connection.token()
        return _("An access token is there.")

    def organisation(self, directory: Directory) -> str:
        reached = {one.id: one for one in directory.organisations(self.connection)}
        found = reached.get(self.method.organisation_id)
        if found is None:
            raise Misconfigured(_("The token no longer reaches the organisation. Reconnect the method."))
        if found.edition and found.edition != self.method.edition:
            self.method.edition = found.edition  # the pace follows it: another edition allows more, or less, at once
            self.method.save(update_fields=["edition"])
        return self.method.organisation_name

    def scopes(self) -> str:
        missing = self.method.oauth.missing_scopes(self.method.granted_scopes)
        if missing:
            raise Misconfigured(_("Missing: %(scopes)s. Reconnect the method.") % {"scopes": ", ".join(missing)})
        return _("All rights that are needed were granted.")

    def reading(self, directory: Directory) -> str:
        departments = directory.departments(self.connection)
        return _("%(count)d departments were read.") % {"count": len(departments)}

    def visible_fields(self, schema: Schema) -> str:
        hidden = {target.name: schema.hidden(self.connection, target.api_name) for target in schema.preset(None)}
        if any(hidden.values()):
            named = "; ".join(f"{name}: {', '.join(fields)}" for name, fields in hidden.items() if fields)
            text = _(
                "The profile of the agent who consented hides fields (%(named)s). A record whose answer was lost could "
                "not be found again, and a person would have to decide about it. Show them to that profile, or "
                "reconnect with another agent."
            )
            raise Misconfigured(text % {"named": named})
        return _("All fields by which records are found again can be seen.")


def run(method: AuthenticationMethod) -> list[Step]:
    """Each step that its vendor allows, with its time in ms. After a failure the rest is not tried."""
    steps: list[Step] = []
    for name, attempt in _plan(_Test(method), method.vendor):
        if any(not step.ok for step in steps):
            steps.append(Step(name, None, 0, _("Not tried.")))
        else:
            steps.append(_timed(name, attempt))
    return steps


def _plan(test: _Test, vendor: Integration) -> Iterator[tuple[str, Callable[[], str]]]:
    yield _("Client secret"), test.secret
    yield _("Access token"), test.token
    if vendor.directory:
        yield _("Organisation"), partial(test.organisation, vendor.directory)
    if vendor.oauth:
        yield _("Granted rights"), test.scopes
    if vendor.directory:
        yield _("Reading from the portal"), partial(test.reading, vendor.directory)
    if vendor.schema:
        yield _("Visible fields"), partial(test.visible_fields, vendor.schema)


def _timed(name: str, attempt: Callable[[], str]) -> Step:
    start = time.monotonic()
    try:
        message, ok = attempt(), True
    except IntegrationError as error:
        message, ok = str(error), False
    return Step(name, ok, round((time.monotonic() - start) * 1000), message)
