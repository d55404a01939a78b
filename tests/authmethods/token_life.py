"""The life of a connection's tokens as steps that hypothesis takes in any order, and what must hold after each.

The journal of the local Zoho and its own records of what it granted judge; our tables say what we made of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from django.contrib.sessions.backends.db import SessionStore
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from authmethods import addresses, consent
from authmethods.models import AuthenticationMethod, Kind, Status, StoredGrant
from fakezoho.accounts.tokens import end_grant
from fakezoho.hashing import hashed
from fakezoho.journal import fingerprint
from integrations.errors import IntegrationError
from integrations.types import Environment
from tests.authmethods.restarting import RestartingZoho
from tests.authmethods.token_judge import START, THROTTLES, TOKEN, Judge
from tests.zoho import parameters, returned
from users.models import User

REVOKE, DESK = "/oauth/v2/token/revoke", "/api/*"
NETWORK = (
    "drop_before", "lost_answer", "truncated_json", "500", "502_html", "503", "500_after", "502_after", "html_401",
    "invalid_oauth", "redirect", "forbidden", "empty_200", "200_with_error",
)  # fmt: skip
AT_DESK = ("drop_before", "lost_answer", "500", "502_html", "503", "html_401", "invalid_oauth", "truncated_json")
A_CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
A_VERIFIER = "dBjftJeZ4CVP-mB92K1iBHgyl9f5TLuQL2nHcAnrwNk"  # the pair of RFC 7636, appendix B


def _lives(machine: TokenLife) -> bool:
    return machine.judge.status == Status.ENABLED and machine.zoho.is_up


def _lived_a_while(machine: TokenLife) -> bool:
    """Ends come late enough that there is a life before them."""
    return _lives(machine) and machine.judge.uses >= 10


class TokenLife(RuleBasedStateMachine):
    """One connection, its workers, its administrator, and a Zoho to which everything happens that may."""

    steps = 0

    def __init__(self, zoho: RestartingZoho, ada: User) -> None:
        super().__init__()
        self.zoho, self.ada = zoho, ada
        zoho.begin_anew()
        zoho.stand_in.set_knobs(credits=100_000_000)
        self.time = time_machine.travel(START, tick=False)
        self.clock = self.time.start()

    @initialize(refresh_tokens=st.sampled_from([3, 20]))
    def connect(self, refresh_tokens: int) -> None:
        self.zoho.stand_in.set_knobs(refresh_tokens=refresh_tokens)
        self.method = self.zoho.method(by=self.ada)
        self.judge = Judge(self.zoho, self.method)
        self.outages = 0
        TokenLife.steps -= 1  # the beginning is no step

    def teardown(self) -> None:
        AuthenticationMethod.objects.all().delete()
        self.time.stop()

    # The workers
    @rule()
    def a_delivery_uses_the_token(self) -> None:
        self.judge.use([None])

    @rule(age=st.integers(0, 9))
    def a_slow_worker_uses_what_it_took_earlier(self, age: int) -> None:
        self.judge.use([held[-1 - age % len(held)] if (held := self.judge.held) else None])

    @precondition(_lives)
    @rule(times=st.integers(2, 9), seconds=st.integers(0, 60))
    def each_token_is_ended_as_soon_as_it_was_given(self, times: int, seconds: int) -> None:
        """As when others with the same refresh token evict ours: the pressure that asks for too many tokens."""
        for _ in range(times):
            self.zoho_ends_all_access_tokens_early()
            self.clock.shift(timedelta(seconds=seconds))
            self.judge.use([None])

    @rule(workers=st.integers(2, 4))
    def several_workers_use_it_at_once(self, workers: int) -> None:
        self.judge.use([None] * workers)

    @rule()
    def trouble_ends_and_the_connection_works(self) -> None:
        """What no refusal of Zoho's ended works again ten minutes later, by itself."""
        if not self.zoho.is_up:
            self.zoho.come_back()
        self.zoho.stand_in.do(self.zoho.stand_in.world.faults.clear)
        self.zoho.stand_in.set_knobs(tokens_per_window=10, token_life=3600)
        self.clock.shift(timedelta(minutes=11))
        (outcome,) = self.judge.use([None])
        assert (outcome is None) == (self.judge.status == Status.ENABLED), outcome

    # The administrator
    @rule()
    def the_administrator_reconnects(self) -> None:
        replaced, since = self.judge.stored(), len(self.zoho.journal())
        session = SessionStore()
        session.create()
        try:
            address = consent.begin(self.method, Kind.PRODUCTION, self.ada, session)
            answer = parameters(self.zoho.stand_in.approve(address, self.ada.email, "acme"))
            consent.complete(returned(self.ada, session.session_key, answer))
        except consent.ConsentFailed:
            return  # nothing may have changed, which the invariants judge
        self.judge.note_grant()
        (revoked,) = [entry for entry in self.zoho.journal()[since:] if entry["path"] == REVOKE]
        assert revoked["fault"] or revoked["token"] == fingerprint(replaced)
        assert revoked["fault"] or hashed(replaced) not in self.zoho.stand_in.world.centres["eu"].grants

    @precondition(_lived_a_while)
    @rule(times=st.integers(1, 4))
    def the_same_client_is_consented_to_elsewhere(self, times: int) -> None:
        """By the same person, as by another installation: beyond 20 Zoho ends the oldest refresh token."""
        oauth, back = self.method.oauth, addresses.consent_return()
        for _ in range(times):
            address = oauth.authorise_url(
                self.method.client_id, Environment("eu"), redirect_uri=back, state="s", code_challenge=A_CHALLENGE
            )
            code = parameters(self.zoho.stand_in.approve(address, self.ada.email, "acme"))["code"]
            try:
                oauth.redeem(self.method.app(), "eu", code=code, redirect_uri=back, code_verifier=A_VERIFIER)
            except IntegrationError:
                return

    @precondition(_lived_a_while)
    @rule()
    def the_user_revokes_the_consent(self) -> None:
        world = self.zoho.stand_in.world
        self.zoho.stand_in.do(lambda: end_grant(world.centres["eu"], self.judge.key))
        self.zoho.stand_in.do(world.changed)

    # Zoho, and the way to it
    @rule(minutes=st.sampled_from([0.25, 0.5, 1, 2, 5, 9, 11, 50, 55, 61, 180, 1500]))
    def time_passes(self, minutes: float) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule(minutes=st.sampled_from([10, 61]))
    def zohos_clock_runs_ahead(self, minutes: float) -> None:
        self.zoho.stand_in.advance(minutes * 60)

    @precondition(_lives)
    @rule()
    def zoho_ends_all_access_tokens_early(self) -> None:
        centre = self.zoho.stand_in.world.centres["eu"]
        self.zoho.stand_in.do(centre.tokens.clear)
        self.zoho.stand_in.do(self.zoho.stand_in.world.changed)

    @precondition(_lives)
    @rule(fault=st.sampled_from([*NETWORK, *THROTTLES]), count=st.integers(1, 3))
    def the_token_endpoint_is_in_trouble(self, fault: str, count: int) -> None:
        self.zoho.stand_in.fault(fault, path=TOKEN, count=count)

    @precondition(_lives)
    @rule(fault=st.sampled_from(AT_DESK), count=st.integers(1, 3))
    def desk_is_in_trouble(self, fault: str, count: int) -> None:
        self.zoho.stand_in.fault(fault, path=DESK, count=count)

    @precondition(_lived_a_while)
    @rule()
    def the_token_endpoint_refuses(self) -> None:
        self.zoho.stand_in.fault("invalid_code", path=TOKEN)

    @rule(fault=st.sampled_from(["drop_before", "lost_answer", "503"]))
    def a_revocation_fails(self, fault: str) -> None:
        self.zoho.stand_in.fault(fault, path=REVOKE)

    @rule(
        expires_style=st.sampled_from(["seconds", "seconds_and_ms", "ms"]),
        token_life=st.sampled_from([120, 3600]),
        live_tokens=st.sampled_from([1, 10]),
        tokens_per_window=st.sampled_from([2, 10]),
        token_error_status=st.sampled_from([200, 400]),
        throttle_status=st.sampled_from([200, 400]),
    )
    def zoho_is_otherwise_than_we_thought(self, **knobs: Any) -> None:
        self.zoho.stand_in.set_knobs(**knobs)

    @precondition(lambda self: _lives(self) and self.outages < 1)
    @rule()
    def zoho_goes_down(self) -> None:
        self.outages += 1
        self.zoho.go_down()

    @precondition(lambda self: not self.zoho.is_up)
    @rule()
    def zoho_comes_back(self) -> None:
        self.zoho.come_back()

    # What must hold
    @invariant()
    def the_refresh_token_is_the_one_that_was_granted(self) -> None:
        TokenLife.steps += 1
        assert hashed(self.judge.stored()) == self.judge.key

    @invariant()
    def the_status_is_what_the_token_endpoint_said(self) -> None:
        self.method.refresh_from_db()
        assert self.method.status == self.judge.status

    @invariant()
    def nobody_is_kept_waiting_by_a_lease(self) -> None:
        assert StoredGrant.objects.get().lease_expires_at is None

    @invariant()
    def no_token_is_believed_to_live_longer_than_zoho_said(self) -> None:
        grant = StoredGrant.objects.get()
        assert timedelta(0) < grant.expires_at - grant.refreshed_at <= timedelta(hours=1)

    @invariant()
    def no_refresh_token_is_used_more_than_six_times_in_ten_minutes(self) -> None:
        """By Zoho's clock and journal, the exchange of the code included."""
        assert sum(at > self.judge.used_at[-1] - 600 for at in self.judge.used_at) <= 6
