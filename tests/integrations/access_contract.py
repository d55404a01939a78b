"""What every integration promises of consents, tokens, people and limits. Part of the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.errors import (
    IntegrationError,
    Misconfigured,
    NeedsReconnection,
    NotSent,
    Throttled,
    Unauthorised,
)
from integrations.types import App, Environment, Grant
from tests.integrations.harness import Consent, Harness

LATEST_CODE = 600
"""Seconds after which no vendor takes a code any more (RFC 6749 4.1.2)."""


def redeem(harness: Harness, consent: Consent, *, app: App | None = None, location: str = "") -> Grant:
    grant: Grant = harness.vendor.oauth.redeem(
        app or harness.app,
        location or consent.location,
        code=consent.code,
        redirect_uri=consent.redirect_uri,
        code_verifier=consent.verifier,
    )
    return grant


def left(until: datetime | None) -> timedelta:
    """How long from now; the test fails when nobody said."""
    assert until is not None
    return until - datetime.now(UTC)


class AccessContract:
    """Part of `IntegrationContract`."""

    def refreshed(self, harness: Harness) -> Grant:
        grant: Grant = harness.vendor.oauth.refresh(harness.app, harness.grant.location, harness.grant.refresh_token)
        return grant

    # Consents and tokens
    def test_a_consent_leads_to_a_token_that_works_and_its_code_serves_once(self, harness):
        consent = harness.consent()
        grant = redeem(harness, consent)
        reached = harness.vendor.directory.organisations(harness.with_grant(grant))
        assert harness.connection.organisation_id in {one.id for one in reached}
        assert grant.refresh_token
        with pytest.raises(NeedsReconnection) as caught:
            redeem(harness, consent)
        secrets = (harness.app.client_secret, grant.access_token, grant.refresh_token, consent.code)
        assert not any(secret in f"{caught.value!r} {vars(caught.value)} {grant!r}" for secret in secrets)

    def test_a_code_that_comes_too_late_is_refused(self, harness):
        consent = harness.consent()
        harness.pass_time(LATEST_CODE)
        with pytest.raises(NeedsReconnection):
            redeem(harness, consent)

    def test_a_code_is_worth_nothing_elsewhere_or_to_another_client(self, harness):
        consent = harness.consent()
        others = [{"location": harness.elsewhere}, {"app": App(harness.app.client_id, "another-secret")}]
        for other in others:
            with pytest.raises(NeedsReconnection):
                redeem(harness, consent, **other)

    def test_an_accounts_server_of_nobodys_is_a_wrong_setting(self, harness):
        environment = Environment(harness.grant.location)
        with pytest.raises(Misconfigured):
            harness.vendor.oauth.location_of(environment, "https://accounts.nobodys.example")
        assert harness.vendor.oauth.location_of(environment, "") == harness.grant.location

    def test_a_refresh_gives_another_token_and_a_refresh_token_to_keep(self, harness):
        newer = self.refreshed(harness)
        assert newer.access_token != harness.grant.access_token
        assert newer.refresh_token
        assert timedelta() < left(newer.expires_at) <= timedelta(hours=24)
        assert harness.vendor.directory.departments(harness.with_grant(newer))
        assert harness.vendor.directory.departments(harness.connection), "even if the newer token ended its own"

    def test_a_token_serves_until_it_expires_and_is_renewed_then(self, harness):
        harness.pass_time(left(harness.grant.expires_at).total_seconds() - 5)
        assert harness.vendor.directory.departments(harness.connection)
        assert harness.renewals == []
        harness.pass_time(10)
        assert harness.vendor.directory.departments(harness.connection)
        assert harness.renewals == [harness.grant.access_token]

    def test_a_consent_that_was_ended_is_refused_for_good(self, harness):
        for _ in range(2):
            harness.vendor.oauth.revoke(harness.app, harness.grant.location, harness.grant.refresh_token)
        with pytest.raises(NeedsReconnection):
            self.refreshed(harness)
        with pytest.raises(NeedsReconnection):
            harness.vendor.directory.departments(harness.connection)

    def test_a_token_request_without_answer_is_no_refusal(self, harness):
        harness.drop_next_token_request()
        with pytest.raises(NotSent) as caught:
            self.refreshed(harness)
        assert not isinstance(caught.value, Throttled)
        assert self.refreshed(harness).access_token

    def test_one_token_request_too_many_is_throttled_and_says_until_when(self, harness):
        harness.throttle_next_token_request()
        with pytest.raises(Throttled) as caught:
            self.refreshed(harness)
        assert timedelta() < left(caught.value.until) <= timedelta(hours=24)

    def test_a_right_that_the_consent_lacks_is_named_as_such_and_nothing_is_written(self, harness):
        values = harness.log(harness.vendor.writer.create(harness.connection, harness.card_module, harness.card()).id)
        before = harness.count(harness.log_module)
        with pytest.raises((Misconfigured, Unauthorised)) as caught:
            harness.vendor.writer.create(harness.without_right_to_log(), harness.log_module, values)
        assert "right" in caught.value.message or caught.value.kind == "unauthorised"
        assert harness.count(harness.log_module) == before

    # People and the portal
    def test_who_signs_in_is_known_by_subject_and_email(self, harness):
        profile = harness.profile()
        who = harness.vendor.sign_in.identity(harness.grant.location, profile)
        assert (who.location, who.subject, who.email) == (harness.grant.location, harness.subject, harness.email)
        with pytest.raises(Misconfigured):
            harness.vendor.sign_in.identity(harness.grant.location, {})

    def test_an_agent_is_known_by_the_subject_of_his_sign_in_and_a_stranger_is_none(self, harness):
        agent = harness.vendor.directory.agent(harness.connection, harness.subject)
        assert agent is not None
        assert (agent.subject, agent.email, agent.active) == (harness.subject, harness.email, True)
        assert harness.vendor.directory.agent(harness.connection, "1") is None

    def test_the_portal_tells_its_departments_and_itself(self, harness):
        reached = {one.id: one for one in harness.vendor.directory.organisations(harness.connection)}
        own = reached[harness.connection.organisation_id]
        assert own.name
        assert own.portal
        found = harness.vendor.directory.departments(harness.connection)
        assert len({choice.value for choice in found}) == len(found) > 0
        assert all(choice.label for choice in found)

    # Limits
    def test_the_budget_is_no_more_than_the_portals_edition_includes(self, harness):
        reached = harness.vendor.directory.organisations(harness.connection)
        own = next(one for one in reached if one.id == harness.connection.organisation_id)
        budget = harness.vendor.limits.budget(harness.grant.location, own.edition)
        assert 1 <= budget.concurrency <= harness.most_at_once()

    def test_one_request_too_many_at_once_is_throttled_and_writes_nothing(self, harness):
        before = harness.count(harness.card_module)
        with harness.crowd() as is_full:
            if is_full:
                with pytest.raises(Throttled):
                    harness.vendor.writer.create(harness.connection, harness.card_module, harness.card())
            assert harness.count(harness.card_module) == before
        harness.vendor.writer.create(harness.connection, harness.card_module, harness.card())
        assert harness.count(harness.card_module) == before + 1

    def test_a_spent_day_says_until_when_and_writes_nothing(self, harness):
        before = harness.count(harness.card_module)
        harness.spend_the_day()
        with pytest.raises(Throttled) as caught:
            harness.vendor.writer.create(harness.connection, harness.card_module, harness.card())
        assert timedelta() < left(caught.value.until) <= timedelta(hours=24)
        assert harness.count(harness.card_module) == before

    # What must never be seen
    def test_no_error_of_the_vendor_shows_a_token(self, harness):
        token = harness.connection.token()
        with pytest.raises(IntegrationError) as caught:
            harness.vendor.reader.read(harness.connection, harness.card_module, "1")
        assert token not in f"{caught.value!r} {vars(caught.value)}"
        assert token not in repr(harness.connection)

    def test_an_unknown_module_or_organisation_or_data_centre_is_a_wrong_setting(self, harness):
        with pytest.raises(Misconfigured):
            harness.vendor.reader.read(harness.connection, "spaceships", "1")
        for wrong in ({"organisation_id": "999"}, {"organisation_id": ""}, {"location": "mars"}):
            with pytest.raises(Misconfigured):
                harness.vendor.reader.read(replace(harness.connection, **wrong), harness.card_module, "1")
