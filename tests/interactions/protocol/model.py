"""The protocol of delivery as a small machine that can be explored whole: two workers, two deliveries, any crash.

Time comes in ticks. A worker may stand still at any step for as long as it likes, and then go on. The vendor's list
shows a record some ticks after it was written. All changes of a delivery are transitions of `queue/states.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from interactions.models import DeliveryState as S
from interactions.queue.states import DUE, Transition

LEASE, DEADLINE, LAG = 2, 1, 2
"""Ticks: of a claim; within which what was noted may leave; until the list shows what was written."""


@dataclass(frozen=True)
class Rules:
    """What the engine does. Each of them can be taken away, to see what it is good for."""

    looks: bool = True
    fences: bool = True
    settles: bool = True
    has_deadline: bool = True

    @property
    def surely_shown_after(self) -> int:
        """Ticks after the note: by then whatever was sent is in the list."""
        return DEADLINE + (LAG if self.settles else 0)


class Delivery(NamedTuple):
    """`noted`: ticks since a create was noted, None without one. `records`: ages of what the vendor holds of it."""

    state: S = S.PENDING
    lease: int = 0
    noted: int | None = None
    known: bool = False
    records: tuple[int, ...] = ()

    @property
    def may_exist(self) -> bool:
        return self.noted is not None and not self.known

    @property
    def as_it_stands(self) -> S:
        return S.UNKNOWN if self.may_exist else S.PENDING


class Worker(NamedTuple):
    """What it has in its hands: a delivery, whether its claim still holds, the step, ticks until its deadline."""

    delivery: int
    holds: bool
    step: str
    left: int = 0


class World(NamedTuple):
    deliveries: tuple[Delivery, ...] = (Delivery(), Delivery())
    workers: tuple[Worker | None, ...] = (None, None)


def moved(delivery: Delivery, by: Transition, to: S, **also: object) -> Delivery:
    """The same after a transition, which must be one of the table."""
    assert delivery.state in by.sources, (delivery.state, by)
    assert to in by.targets, (to, by)
    return delivery._replace(state=to, **also)  # type: ignore[arg-type]


def nexts(world: World, rules: Rules) -> Iterator[World]:
    """Whatever may happen next."""
    yield _tick(world, rules)
    for number, delivery in enumerate(world.deliveries):
        if delivery.state == S.SENDING and delivery.lease == 0:
            back = moved(delivery, Transition.EXPIRE, delivery.as_it_stands)
            yield _lost_claims(_with(world, number, back), number)
    for which, worker in enumerate(world.workers):
        if worker is None:
            for number, delivery in enumerate(world.deliveries):
                if delivery.state in DUE:
                    taken = moved(delivery, Transition.CLAIM, S.SENDING, lease=LEASE)
                    yield _put(_with(world, number, taken), which, Worker(number, True, "claimed"))
        else:
            yield _put(world, which, None)  # it dies
            yield from _steps(world, which, worker, rules)


def _steps(world: World, which: int, worker: Worker, rules: Rules) -> Iterator[World]:
    if worker.step == "claimed":
        yield from _claimed(world, which, worker, rules)
    elif worker.step == "noted":
        yield from _noted(world, which, worker, rules)
    else:
        delivery = world.deliveries[worker.delivery]
        holds = worker.holds and delivery.state == S.SENDING
        if worker.step == "unanswered":
            if holds:
                delivery = moved(delivery, Transition.SETTLE, delivery.as_it_stands)
        elif holds:
            delivery = moved(delivery, Transition.DELIVER, S.DELIVERED, known=True)
        else:
            delivery = delivery._replace(known=True)  # too late to have a say, but it spares the next one a look
        yield _put(_with(world, worker.delivery, delivery), which, None)


def _claimed(world: World, which: int, worker: Worker, rules: Rules) -> Iterator[World]:
    number, delivery = worker.delivery, world.deliveries[worker.delivery]
    if delivery.state != S.SENDING or (rules.fences and not worker.holds):
        yield _put(world, which, None)
    elif delivery.known:  # an update, of that record
        done = moved(delivery, Transition.DELIVER, S.DELIVERED)
        yield _put(_with(world, number, done), which, None)
    elif delivery.may_exist and rules.looks:
        yield from _looked(world, which, worker, rules)
    else:
        noted = _with(world, number, delivery._replace(noted=0, lease=LEASE))
        yield _put(noted, which, worker._replace(step="noted", left=DEADLINE))


def _noted(world: World, which: int, worker: Worker, rules: Rules) -> Iterator[World]:
    number, delivery = worker.delivery, world.deliveries[worker.delivery]
    if worker.left or not rules.has_deadline:
        sent = _with(world, number, delivery._replace(records=(*delivery.records, 0)))
        yield _put(sent, which, worker._replace(step="answered"))
        yield _put(sent, which, worker._replace(step="unanswered"))
    else:
        if worker.holds and delivery.state == S.SENDING:
            delivery = moved(delivery._replace(noted=None), Transition.PUT_BACK, S.PENDING)
        yield _put(_with(world, number, delivery), which, None)


def _looked(world: World, which: int, worker: Worker, rules: Rules) -> Iterator[World]:
    number, delivery = worker.delivery, world.deliveries[worker.delivery]
    assert delivery.noted is not None
    if any(age >= LAG for age in delivery.records):
        found = moved(delivery, Transition.DELIVER, S.DELIVERED, known=True)
        yield _put(_with(world, number, found), which, None)
    elif delivery.noted >= rules.surely_shown_after:
        yield _with(world, number, delivery._replace(noted=None))  # and then it goes on as a new one
    else:
        again = moved(delivery, Transition.SETTLE, S.UNKNOWN)
        yield _put(_with(world, number, again), which, None)


def _tick(world: World, rules: Rules) -> World:
    deliveries = tuple(
        one._replace(
            lease=max(0, one.lease - 1),
            noted=None if one.noted is None else min(one.noted + 1, rules.surely_shown_after),
            records=tuple(min(age + 1, LAG) for age in one.records),
        )
        for one in world.deliveries
    )
    workers = tuple(one and one._replace(left=max(0, one.left - 1)) for one in world.workers)
    return World(deliveries, workers)


def _with(world: World, number: int, delivery: Delivery) -> World:
    return world._replace(deliveries=(*world.deliveries[:number], delivery, *world.deliveries[number + 1 :]))


def _put(world: World, which: int, worker: Worker | None) -> World:
    return world._replace(workers=(*world.workers[:which], worker, *world.workers[which + 1 :]))


def _lost_claims(world: World, number: int) -> World:
    workers = tuple(one and one._replace(holds=one.holds and one.delivery != number) for one in world.workers)
    return world._replace(workers=workers)
