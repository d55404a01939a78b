from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.integration import ZohoDesk
from integrations.zoho_desk.probes.account import Account
from integrations.zoho_desk.probes.own_records import RIGHTS
from integrations.zoho_desk.probes.probe import Finding, Verdict
from integrations.zoho_desk.probes.run import run
from integrations.zoho_desk.probes.shape import Watched
from outbound.http import Answer, Client

MINUTE = 60


@dataclass(frozen=True)
class Asked:
    """What a request looked like to whoever may rewrite its answer."""

    url: str
    headers: dict[str, str]
    params: dict[str, str]
    form: dict[str, str]


class Rewriting(Client):
    """Sends to the local Zoho, and answers otherwise where no knob of it can: `rewrite` gives None to leave it."""

    def __init__(self, inner: Client) -> None:
        super().__init__()
        self.inner = inner
        self.rewrite: Callable[[Asked, Answer], Answer | None] = lambda asked, answer: None

    def send(self, method: str, url: str, **given: Any) -> Answer:
        answer = self.inner.send(method, url, **given)
        asked = Asked(url, *(dict(given.get(name) or {}) for name in ("headers", "params", "form")))
        return self.rewrite(asked, answer) or answer


class Check:
    """zoho_check's probes against the local Zoho, as somebody with a consent of his own runs them."""

    def __init__(self, customer, outbound) -> None:
        self.customer = customer
        self.zoho = customer.zoho
        self.outbound = outbound
        self.account: Account

    def __call__(self, *, patience: float | None = None) -> dict[str, Finding]:
        """Run all probes, writing when `patience` is given; findings by name."""
        watched = Watched(self.outbound)
        vendor = ZohoDesk(watched, self.customer.centres)
        grant = self.customer.grant()
        connection = replace(
            self.customer.connection(),
            token=lambda: grant.access_token,
            renew=lambda used: vendor.oauth.refresh(self.customer.app, "eu", grant.refresh_token).access_token,
        )
        self.account = Account(watched, self.customer.centres, connection, self.customer.app, patience=patience)
        return {probe.name: finding for probe, finding in run(self.account)}

    def own(self, module: str) -> list[dict[str, Any]]:
        """Records of the portal that zoho_check made and that are not in the bin."""
        found = self.zoho.records("eu", "acme", module)
        return [one for one in found if "zoho_check" in str(one.get("lastName")) + str(one.get("subject"))]


@pytest.fixture
def rewriting(outbound):
    return Rewriting(outbound)


@pytest.fixture
def check(customer, rewriting, monkeypatch):
    monkeypatch.setattr(assumed, "further_scopes", RIGHTS)  # what --write asks its consent for
    return Check(customer, rewriting)


@pytest.fixture
def called(customer):
    """A portal in which there are calls and tickets already, an hour apart."""
    contact = str(customer.contact("Poulain")["id"])
    connection = customer.connection()
    for number in range(3):
        customer.zoho.advance(60 * MINUTE)
        values = {
            "contactId": contact, "departmentId": customer.department(), "direction": "inbound", "duration": 5,
            "startTime": "2026-11-23T09:30:00.000Z", "status": "Completed", "subject": f"Call {number}",
        }  # fmt: skip
        customer.vendor.writer.create(connection, "calls", values)
        ticket = {"contactId": contact, "departmentId": customer.department(), "subject": f"Ticket {number}"}
        customer.vendor.writer.create(connection, "tickets", ticket)


def named(findings: dict[str, Finding], verdict: Verdict) -> set[str]:
    return {name for name, finding in findings.items() if finding.verdict is verdict}
