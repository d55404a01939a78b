"""Each transition against each state, on real rows: it moves what its table says, and leaves all else as it is."""

from __future__ import annotations

from itertools import product

import pytest

from core import clock
from interactions.models import Delivery, DeliveryState
from interactions.queue import states
from interactions.queue.states import Claim, Expired, Transition
from tests.interactions.steps import post

pytestmark = pytest.mark.django_db


def delivered(claim):
    row = {"id": claim.id, "fence": claim.fence, "delivered_at": clock.now(), "changed": False, "remote_id": "1"}
    states.deliver([row], now=clock.now())


def one(claim):
    return Delivery.objects.filter(pk=claim.id)


DO = {
    Transition.CLAIM: lambda claim: states.claim(
        list(one(claim).filter(state__in=states.DUE).values_list("pk", flat=True)), until=clock.now()
    ),
    Transition.PUT_BACK: lambda claim: states.put_back([claim]),
    Transition.DELIVER: delivered,
    Transition.SETTLE: lambda claim: states.settle(claim, DeliveryState.WAITING),
    Transition.EXPIRE: lambda claim: states.expire([Expired(claim.id, "", None)], now=clock.now(), reason="gone"),
    Transition.SUSPEND: lambda claim: states.suspend(one(claim), reason="stopped"),
    Transition.RESUME: lambda claim: states.resume(one(claim), now=clock.now()),
    Transition.REQUEUE: lambda claim: states.requeue(one(claim), now=clock.now()),
    Transition.REPLAY: lambda claim: states.replay(one(claim), now=clock.now()),
    Transition.SEEN_ABSENT: lambda claim: states.seen_absent(one(claim), now=clock.now()),
    Transition.LOOK_FIRST: lambda claim: states.look_first(one(claim)),
    Transition.DISCARD: lambda claim: states.discard(one(claim), reason="not wanted"),
}
BY_CLAIM = (Transition.PUT_BACK, Transition.DELIVER, Transition.SETTLE)


@pytest.fixture
def in_state(crm):
    post()

    def put(state, *, may_exist=False):
        began = clock.now() if may_exist else None
        Delivery.objects.all().move(state=state, fence=7, write_began_at=began, next_attempt_at=clock.now())
        return Claim(Delivery.objects.get().pk, 7)

    return put


def test_every_transition_is_tried_here():
    assert set(DO) == set(Transition)


@pytest.mark.parametrize("transition", Transition, ids=lambda transition: transition.name.lower())
def test_a_transition_moves_what_its_table_says_and_nothing_else(in_state, transition):
    for state, may_exist in product(DeliveryState.values, (False, True)):
        claim = in_state(state, may_exist=may_exist)
        before = Delivery.objects.values().get()
        DO[transition](claim)
        after = Delivery.objects.values().get()
        if state not in transition.sources:
            assert after == before, state
            continue
        assert after["state"] in transition.targets, state
        if may_exist and set(transition.targets) == {DeliveryState.PENDING, DeliveryState.UNKNOWN}:
            assert after["state"] == DeliveryState.UNKNOWN, "it is looked for before it is written"


@pytest.mark.parametrize("transition", BY_CLAIM, ids=lambda transition: transition.name.lower())
def test_a_claim_whose_fence_has_moved_on_moves_nothing(in_state, transition):
    claim = in_state(DeliveryState.SENDING)
    before = Delivery.objects.values().get()
    DO[transition](claim._replace(fence=6))
    assert Delivery.objects.values().get() == before


def test_what_was_begun_is_not_taken_back_by_a_claim_whose_fence_has_moved_on(in_state):
    """It may have gone out by whoever holds the claim now: what was noted of its write stays."""
    claim = in_state(DeliveryState.SENDING, may_exist=True)
    before = Delivery.objects.values().get()
    states.not_sent([claim._replace(fence=6)])
    assert Delivery.objects.values().get() == before
    states.not_sent([claim])
    after = Delivery.objects.get()
    assert (after.state, after.write_began_at) == (DeliveryState.PENDING, None)
