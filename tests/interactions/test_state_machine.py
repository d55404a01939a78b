"""Anything may happen in any order: posts, changes, faults, deaths, stops, replays. The promise holds all the same."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from authmethods.models import AuthenticationMethod
from authmethods.models import Status as MethodStatus
from crm.models import CRM, CRMObject, KnownCard
from integrations.errors import (
    IntegrationError,
    NeedsReconnection,
    NotSent,
    RecordGone,
    Refused,
    Throttled,
    Unauthorised,
)
from interactions import accept, choose, claim, deliver, replay, sweep
from interactions.models import Delivery, DeliveryState, Interaction
from interactions.schemas import InteractionChange
from tests.interactions.steps import pass_time, post, settle
from tests.interactions.vendor import DROPPED, LOST, MemoryVendor
from users.models import User

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

FAULTS: dict[str, list[IntegrationError]] = {
    "find": [NotSent("x"), Throttled("x")],
    "create": [
        LOST, DROPPED, NotSent("x"), Throttled("x"), Refused("x"), RecordGone("x"), Unauthorised("x"),
        NeedsReconnection("x"),
    ],
    "update": [LOST, NotSent("x"), Refused("x")],
    "look": [NotSent("x"), Throttled("x"), Refused("x")],
}  # fmt: skip


WAYS = [None, None, *((kind, error) for kind, errors in FAULTS.items() for error in errors), ("create", LOST)]
LATER = [1, 4, 10, 65, 3600, 90_000]
"""Seconds."""
DEATHS = [("", "")] * 6 + [("before", kind) for kind in FAULTS] + [("after", "create"), ("after", "update")]


class Killed(BaseException):
    """The worker dies here: nothing of ours catches it."""


class Promise(RuleBasedStateMachine):
    vendor: MemoryVendor
    person: User
    crm: CRM

    def __init__(self):
        super().__init__()
        Interaction.objects.all().delete()
        KnownCard.objects.all().delete()
        AuthenticationMethod.objects.update(status=MethodStatus.ENABLED)
        self.vendor.reset()
        self.numbers = itertools.count()

    @initialize(lag=st.sampled_from([0.0, 3.0, 25.0]), known=st.sampled_from([True, True, True, False]))
    def begin(self, lag, known):
        self.vendor.lag = lag
        if known:
            self.vendor.records["contacts"] = {
                f"{number}": {"phone": f"+3361234567{number - 900}", "marker": ""} for number in (900, 901, 902)
            }

    @rule(customer=st.integers(0, 2), ringing=st.sampled_from([False, False, False, True]))
    def somebody_calls(self, customer, ringing):
        ended = {} if not ringing else {"status": "ringing", "ended_at": None}
        post(f"r{next(self.numbers)}", customer_phone=f"+3361234567{customer}", **ended)

    @precondition(lambda self: Interaction.objects.exists())
    @rule(data=st.data(), qualification=st.sampled_from("abc"))
    def the_source_changes_something(self, data, qualification):
        interaction = data.draw(st.sampled_from(list(Interaction.objects.order_by("pk"))))
        ends = data.draw(st.sampled_from([{}, {"status": "completed"}]))
        accept.change(interaction, InteractionChange(qualification=qualification, **ends))

    @rule(later=st.sampled_from(LATER), fault=st.sampled_from(WAYS), dies=st.sampled_from(DEATHS))
    def a_worker_comes(self, later, fault, dies):
        """It meets one fault at most, or dies before or after a request; what it has claimed stays claimed."""
        self.time_passes(later)

        def die(kind):
            if kind == dies[1]:
                raise Killed

        self.vendor.faults.clear()
        if fault:
            self.vendor.fail(*fault)
        if dies[0]:
            setattr(self.vendor, dies[0], die)
        try:
            for one in claim.take(self.crm.method_id, 3):
                deliver.deliver(one)
        except Killed:
            pass
        finally:
            self.vendor.before = self.vendor.after = lambda kind: None
            self.vendor.faults.clear()

    def time_passes(self, seconds):
        pass_time(seconds)
        self.vendor.pass_time(seconds)
        sweep.sweep()

    @rule(enabled=st.sampled_from([True, True, True, False]))
    def the_connection_is_stopped_or_enabled(self, enabled):
        status = MethodStatus.ENABLED if enabled else MethodStatus.NEEDS_RECONNECTION
        AuthenticationMethod.objects.update(status=status)
        sweep.sweep()

    @rule()
    def somebody_replays_everything(self):
        replay.replay(Delivery.objects.all(), self.person)

    @precondition(lambda self: Delivery.objects.exists() and self.vendor.records["contacts"])
    @rule(data=st.data())
    def an_agent_picks_a_card(self, data):
        delivery = data.draw(st.sampled_from(list(Delivery.objects.order_by("pk"))))
        contact = data.draw(st.sampled_from(sorted(self.vendor.records["contacts"])))
        target = CRMObject.objects.get(crm=self.crm, api_name="contacts")
        choose.assign(delivery.interaction, self.crm, target, contact, self.person)

    @invariant()
    def nothing_is_double(self):
        markers = Counter(call["marker"] for call in self.vendor.calls())
        assert not markers or max(markers.values()) == 1

    @invariant()
    def what_is_delivered_is_there(self):
        for delivery in Delivery.objects.filter(state=DeliveryState.DELIVERED):
            assert self.vendor.records["calls"][delivery.remote_id]["marker"] == delivery.marker

    def teardown(self):
        """When all is well again and people have replayed what was given up, each is there once, and up to date."""
        self.vendor.faults.clear()
        AuthenticationMethod.objects.update(status=MethodStatus.ENABLED)
        for _ in range(2):
            settle(rounds=2, step=110_000)
            replay.replay(Delivery.objects.exclude(state=DeliveryState.DELIVERED), self.person)
        settle(rounds=2, step=110_000)
        finished = [interaction for interaction in Interaction.objects.all() if interaction.is_finished]
        assert Delivery.objects.count() == len(finished)
        assert set(Delivery.objects.values_list("state", flat=True)) <= {DeliveryState.DELIVERED}
        written = {call["marker"]: call["subject"] for call in self.vendor.calls()}
        assert written == {
            delivery.marker: f"Call {delivery.interaction.reference} {delivery.interaction.qualification}".strip()
            for delivery in Delivery.objects.select_related("interaction")
        }
        phones = Counter(contact["phone"] for contact in self.vendor.records["contacts"].values())
        assert not phones or max(phones.values()) == 1


def test_whatever_happens_each_interaction_is_written_exactly_once(crm, vendor, ada):
    Promise.vendor, Promise.person, Promise.crm = vendor, ada, CRM.objects.select_related("method").get()
    run_state_machine_as_test(
        Promise,
        settings=settings(
            max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
