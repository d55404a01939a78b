"""Zoho Desk under the contract: one customer of ours at the local Zoho, whatever its knobs are."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from fakezoho import limits
from fakezoho.knobs import Knobs, listed
from fakezoho.portal import Portal
from integrations.errors import Misconfigured
from integrations.types import Connection, Grant
from integrations.zoho_desk.integration import ZohoDesk
from outbound.limiter import Unlimited
from tests.integrations.conftest import REDIRECT, Customer
from tests.integrations.harness import Consent, Harness

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
RIGHT_TO_LOG = "Desk.calls.CREATE"
TOKEN = "/oauth/v2/token"


class ZohoHarness(Harness):
    vendor: ZohoDesk
    card_module, log_module = "contacts", "calls"
    elsewhere, subject = "us", "20071000001"

    def __init__(self, customer: Customer) -> None:
        self.customer, self.zoho = customer, customer.zoho
        self.vendor, self.app, self.email = customer.vendor, customer.app, customer.email
        self.renewals = []
        consent = self.consent()
        self.grant = self.vendor.oauth.redeem(
            self.app, consent.location, code=consent.code, redirect_uri=REDIRECT, code_verifier=VERIFIER
        )
        self.connection = replace(self.with_grant(self.grant), renew=self._renew)

    @property
    def knobs(self) -> Knobs:
        return self.zoho.world.knobs

    @property
    def portal(self) -> Portal:
        """The portal that was picked at the consent."""
        found = self.zoho.world.portal("eu", self.knobs.auto_portal or self.customer.portal)
        assert found is not None
        return found

    def _renew(self, used: str) -> str:
        self.renewals.append(used)
        return self.vendor.oauth.refresh(self.app, self.grant.location, self.grant.refresh_token).access_token

    # Access
    def consent(self) -> Consent:
        return self._consented(self._address())

    def _address(self) -> str:
        environment = self.vendor.read_environment(self.portal.url)
        return self.vendor.oauth.authorise_url(
            self.app.client_id, environment, redirect_uri=REDIRECT, state="st4te", code_challenge=CHALLENGE
        )

    def _consented(self, address: str) -> Consent:
        """Come back from a consent. Where an attacker crafted the return, it is refused, and begun anew without him."""
        back = self._back(address)
        environment = self.vendor.read_environment(self.portal.url)
        try:
            location = self.vendor.oauth.location_of(environment, back.get("accounts-server", ""))
        except Misconfigured:
            assert self.knobs.accounts_server
            self.zoho.set_knobs(accounts_server="")
            return self._consented(address)
        assert not self.knobs.accounts_server
        assert back["state"] == "st4te"
        return Consent(location, back["code"], REDIRECT, VERIFIER)

    def _back(self, address: str) -> dict[str, str]:
        """What the browser comes back with, whether a person answers at Zoho or nobody is asked."""
        if self.knobs.auto_approve:
            back = requests.get(address, allow_redirects=False, timeout=5).headers["Location"]
        else:
            back = self.zoho.approve(address, self.email, self.portal.name)
        return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}

    def profile(self) -> dict[str, Any]:
        addresses = self.vendor.sign_in.addresses(self.grant.location)
        client = {"client_id": self.app.client_id, "redirect_uri": REDIRECT}
        asked = client | {"response_type": "code", "scope": self.vendor.sign_in.scope}
        code = self._back(f"{addresses.authorise}?{urlencode(asked)}")["code"]
        token = self.vendor.sign_in.redeem(
            self.app, self.grant.location, code=code, redirect_uri=REDIRECT, code_verifier=""
        )
        answer = requests.get(addresses.profile, headers={"Authorization": f"Bearer {token}"}, timeout=5)
        return dict(answer.json())

    def with_grant(self, grant: Grant) -> Connection:
        return Connection(
            location=grant.location,
            organisation_id=self.portal.id,
            token=lambda: grant.access_token,
            renew=lambda used: used,
            limiter=Unlimited(),
        )

    def without_right_to_log(self) -> Connection:
        address = self._address()
        assert RIGHT_TO_LOG in address
        consent = self._consented(address.replace(f"{RIGHT_TO_LOG}%2C", ""))
        return self.with_grant(
            self.vendor.oauth.redeem(
                self.app, consent.location, code=consent.code, redirect_uri=REDIRECT, code_verifier=VERIFIER
            )
        )

    def pass_time(self, seconds: float) -> None:
        self.zoho.advance(seconds)

    def drop_next_token_request(self) -> None:
        self.zoho.fault("drop_before", "POST", TOKEN)

    def throttle_next_token_request(self) -> None:
        self.zoho.fault("throttled", "POST", TOKEN)

    # Limits
    def most_at_once(self) -> int:
        """By the edition: that a portal allows less, as the knob `concurrency` may, nobody could know."""
        return limits.EDITIONS[limits.edition_of(self.portal, self.knobs)][2]

    @contextmanager
    def crowd(self) -> Iterator[bool]:
        portal, most = self.portal, limits.most_at_once(self.portal, self.knobs)

        def enter(number: int) -> None:
            portal.in_flight += number

        self.zoho.do(lambda: enter(most))
        yield most > 0
        self.zoho.do(lambda: enter(-most))

    def spend_the_day(self) -> None:
        self.zoho.set_knobs(credits=0)

    # Records
    def card(self, **values: object) -> dict[str, object]:
        first, _, last = str(values.pop("name", "Test Person")).partition(" ")
        return {"firstName": first, "lastName": last, **values}

    def log(self, card_id: str) -> dict[str, object]:
        department = next(iter(self.portal.modules["departments"].records))
        return {
            "contactId": card_id,
            "departmentId": department,
            "subject": "Contract call",
            "startTime": "2026-11-23T09:30:00.000Z",
            "direction": "inbound",
            "duration": "65",
            "status": "Completed",
            **dict.fromkeys(listed(self.knobs.mandatory_fields), "As the portal requires"),
        }

    def settle_search(self) -> None:
        self.zoho.advance(self.knobs.search_lag)

    def settle_lists(self) -> None:
        assert self.knobs.list_lag <= self.vendor.reader.settle_seconds
        self.zoho.advance(self.knobs.list_lag)

    def bury(self, number: int) -> None:
        portal, knobs, now = self.portal, self.knobs, self.zoho.world.clock.now()
        calls = portal.modules["calls"]

        def write() -> None:
            template = next(reversed(calls.records.values()))
            for _ in range(number):
                record = {**template, "id": portal.new_id(), "subject": "Somebody else's", "cf": {}}
                calls.put(record, now, knobs.search_lag, knobs.list_lag)

        self.zoho.do(write)

    def lose_next_answer(self) -> None:
        self.zoho.fault("lost_answer", "POST", "/api/v1/*")

    def drop_next_write(self) -> None:
        self.zoho.fault("drop_before", "POST", "/api/v1/*")

    def drop_next_reading(self) -> None:
        self.zoho.fault("drop_before", "GET", "/api/v1/*")

    def refuse_next_token(self) -> None:
        self.zoho.fault("html_401", "", "/api/v1/*")

    def remove_card(self, card_id: str) -> None:
        records = self.portal.modules["contacts"].records
        self.zoho.do(lambda: records.pop(card_id))

    def count(self, module: str) -> int:
        records = self.portal.modules[module].records
        return self.zoho.do(lambda: len(records))
