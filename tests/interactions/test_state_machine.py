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
from crm.models import CRM, CRMObject, KnownCard, RememberedCard
from integrations.errors import (
    IntegrationError,
    NeedsReconnection,
    NotSent,
    RecordGone,
    Refused,
    Throttled,
    Unauthorised,
)
from interactions.actions import assign, changes, replay
from interactions.api.schemas import InteractionChange
from interactions.delivery import deliver
from interactions.models import Attempt, DeletedInteraction, Delivery, DeliveryState, Interaction
from interactions.queue import claim, recovery
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
STALLS = [("before", "find"), ("before", "look"), ("after", "create"), ("after", "update")]
"""Where a worker may stand still until its claim is lost. Not between the note of a create and its request: against a
request that leaves after the settling time only the time-outs of the client help."""


class Killed(BaseException):
    """The worker dies here: nothing of ours catches it."""


class Promise(RuleBasedStateMachine):
    vendor: MemoryVendor
    person: User
    crm: CRM
    steps = 0
    """Of all runs; each step is followed by its invariants."""

    def __init__(self):
        super().__init__()
        Interaction.objects.all().delete()
        DeletedInteraction.objects.all().delete()
        KnownCard.objects.all().delete()
        RememberedCard.objects.all().delete()
        AuthenticationMethod.objects.update(status=MethodStatus.ENABLED)
        self.vendor.reset()
        self.numbers = itertools.count()

    @initialize(lag=st.sampled_from([0.0, 3.0, 25.0, 25.0]), known=st.sampled_from([True, True, True, False]))
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
        changes.change(interaction, InteractionChange(qualification=qualification, **ends))

    @rule(later=st.sampled_from(LATER), fault=st.sampled_from(WAYS), dies=st.sampled_from(DEATHS))
    def a_worker_comes(self, later, fault, dies):
        """It meets one fault at most, or dies before or after a request; what it has claimed stays claimed."""
        self.time_passes(later)
        if fault:
            self.vendor.fail(*fault)
        self.work(dies[0], dies[1], self.die)

    @rule(
        how=st.sampled_from([LOST, LOST, DROPPED, Killed]),
        look=st.sampled_from([None, NotSent("x"), Refused("x")]),
        later=st.lists(st.sampled_from([3, 6, 12]), min_size=1, max_size=3),
    )
    def an_answer_is_lost_and_workers_come_soon(self, how, look, later):
        """The call (an unknown customer's contact) is made, or not, and nobody learns of it; perhaps looks fail too."""
        self.somebody_calls(0, ringing=False)
        if how is Killed:
            self.work("after", "create", self.die)
            self.time_passes(61)
        else:
            self.vendor.fail("create", how)
            self.work()
        for seconds in later:
            self.time_passes(seconds)
            if look:
                self.vendor.fail("look", look)
            self.work()

    @rule(where=st.sampled_from(STALLS), other=st.sampled_from(["nobody", "claims", "delivers", "dies"]))
    def a_worker_stands_still_until_another_has_its_work(self, where, other):
        """The first goes on after its claim was lost, while the other holds it, has finished, or has died."""
        left = []

        def stand_still(_kind):
            self.vendor.before = self.vendor.after = lambda kind: None
            self.time_passes(65)
            if other == "claims":
                left.extend(claim.take(self.crm.method_id, 3))
            elif other != "nobody":
                self.work(*(("after", "create", self.die) if other == "dies" else ()))

        self.work(where[0], where[1], stand_still)
        for one in left:
            deliver.deliver(one)

    def work(self, moment="", kind="", does=None):
        """As a worker does with one batch; at that moment of a request of that kind something happens to it."""
        hooks = {"before": lambda kind: None, "after": lambda kind: None}
        if does:
            hooks[moment] = lambda met: does(met) if met == kind else None
        self.vendor.__dict__.update(hooks)
        try:
            for one in claim.take(self.crm.method_id, 3):
                deliver.deliver(one)
        except Killed:
            pass
        finally:
            self.vendor.before = self.vendor.after = lambda kind: None
            self.vendor.faults.clear()

    @staticmethod
    def die(_kind):
        raise Killed

    def time_passes(self, seconds):
        pass_time(seconds)
        self.vendor.pass_time(seconds)
        recovery.sweep()

    @rule(enabled=st.sampled_from([True, True, True, False]))
    def the_connection_is_stopped_or_enabled(self, enabled):
        status = MethodStatus.ENABLED if enabled else MethodStatus.NEEDS_RECONNECTION
        AuthenticationMethod.objects.update(status=status)
        recovery.sweep()

    @rule()
    def somebody_replays_everything(self):
        replay.replay(Delivery.objects.all(), self.person)

    @precondition(lambda self: Delivery.objects.exists() and self.vendor.records["contacts"])
    @rule(data=st.data())
    def an_agent_picks_a_card(self, data):
        delivery = data.draw(st.sampled_from(list(Delivery.objects.order_by("pk"))))
        contact = data.draw(st.sampled_from(sorted(self.vendor.records["contacts"])))
        self.pick(delivery, contact)

    def pick(self, delivery, contact):
        target = CRMObject.objects.get(crm=self.crm, api_name="contacts")
        assign.assign(delivery.interaction, self.crm, target, contact, self.person)

    @precondition(lambda self: self.vendor.records["contacts"])
    @rule(data=st.data())
    def a_contact_is_merged_into_another(self, data):
        """His calls move with him, and the id that we know leads nowhere."""
        gone = data.draw(st.sampled_from(sorted(self.vendor.records["contacts"])))
        self.vendor.merge(gone, f"{8000 + next(self.numbers)}")

    @invariant()
    def a_step_was_made(self):
        Promise.steps += 1

    @invariant()
    def nothing_is_double(self):
        markers = Counter(call["marker"] for call in self.vendor.calls())
        assert not markers or max(markers.values()) == 1

    @invariant()
    def what_is_delivered_is_there(self):
        for delivery in Delivery.objects.filter(state=DeliveryState.DELIVERED):
            assert self.vendor.records["calls"][delivery.remote_id]["marker"] == delivery.marker

    @invariant()
    def a_request_is_out_only_while_its_delivery_is_claimed(self):
        assert not Attempt.objects.filter(finished_at=None).exclude(delivery__state=DeliveryState.SENDING).exists()

    @invariant()
    def what_waits_to_be_sent_has_certainly_not_been_sent(self):
        """By the states that people see: a call that is there is delivered, unknown, or on its way to be."""
        there = {call["marker"] for call in self.vendor.calls()}
        unsent = Delivery.objects.filter(remote_id="", write_began_at=None)
        assert not there & set(unsent.values_list("marker", flat=True))

    def teardown(self):
        """When all is well again and people have replayed what was given up, and picked a card where they are asked to,
        each is there once, and up to date.
        """
        self.vendor.faults.clear()
        AuthenticationMethod.objects.update(status=MethodStatus.ENABLED)
        for _ in range(2):
            settle(rounds=2, step=110_000)
            replay.replay(Delivery.objects.exclude(state=DeliveryState.DELIVERED), self.person)
        settle(rounds=2, step=110_000)
        contacts = self.vendor.records["contacts"]
        for delivery in Delivery.objects.filter(state=DeliveryState.WAITING):
            self.pick(delivery, min(contacts))
        settle(rounds=2, step=110_000)
        finished = [interaction for interaction in Interaction.objects.all() if interaction.is_finished]
        assert Delivery.objects.count() == len(finished)
        assert set(Delivery.objects.values_list("state", flat=True)) <= {DeliveryState.DELIVERED}
        written = {call["marker"]: call["subject"] for call in self.vendor.calls()}
        assert written == {
            delivery.marker: f"Call {delivery.interaction.reference} {delivery.interaction.qualification}".strip()
            for delivery in Delivery.objects.select_related("interaction")
        }
        assert {call["contactId"] for call in self.vendor.calls()} <= set(contacts)
        phones = Counter(contact["phone"] for contact in contacts.values())
        assert not phones or max(phones.values()) == 1


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(40, 500), pytest.param(600, 10_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def test_whatever_happens_each_interaction_is_written_exactly_once(crm, vendor, ada, examples, steps):
    Promise.steps = 0
    Promise.vendor, Promise.person, Promise.crm = vendor, ada, CRM.objects.select_related("method").get()
    run_state_machine_as_test(
        Promise,
        settings=settings(
            max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert Promise.steps >= steps
