"""The protocol of delivery as a small machine that can be explored whole: two workers, two deliveries, any crash.

Time comes in ticks. A worker may stand still at any step for as long as it likes, and then go on. The vendor's list
shows a record some ticks after it was written, and may refuse what it is sent. The connection breaks and heals, the
interaction changes, and people replay and discard. All changes of a delivery are transitions of `queue/states.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from interactions.models import DeliveryState as S
from interactions.queue.states import DUE, Transition

T = Transition
LEASE, DEADLINE, LAG = 2, 1, 2
"""Ticks: of a claim; within which what was noted may leave; until the list shows what was written."""


@dataclass(frozen=True)
class Rules:
    """What the engine does. Each of them can be taken away, to see what it is good for."""

    looks: bool = True
    fences: bool = True
    settles: bool = True
    has_deadline: bool = True
    people_wait: bool = True
    """Who says that a record is absent looks when it would be shown."""

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


def alike(world: World) -> World:
    """One for all worlds that differ in nothing but which delivery, or which worker, is called the first."""
    first, second = world.deliveries
    if (first.noted is None, first) > (second.noted is None, second):
        others = (one and one._replace(delivery=1 - one.delivery) for one in world.workers)
        world = World((second, first), tuple(others))
    return world._replace(workers=tuple(sorted(world.workers, key=lambda one: (one is not None, one))))


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
            back = moved(delivery, T.EXPIRE, delivery.as_it_stands)
            yield _lost_claims(_with(world, number, back), number)
        for other in _by_others(delivery, rules):
            yield _with(world, number, other)
    for which, worker in enumerate(world.workers):
        if worker is None:
            for number, delivery in enumerate(world.deliveries):
                if delivery.state in DUE:
                    taken = moved(delivery, T.CLAIM, S.SENDING, lease=LEASE)
                    yield _put(_with(world, number, taken), which, Worker(number, True, "claimed"))
        else:
            yield _put(world, which, None)  # it dies
            yield from _steps(world, which, worker, rules)


def _by_others(delivery: Delivery, rules: Rules) -> Iterator[Delivery]:
    """What a connection, a changed interaction and a person do to a delivery that no worker has."""
    again = delivery.as_it_stands
    for by, to in (
        (T.SUSPEND, S.HELD), (T.RESUME, again), (T.REQUEUE, again), (T.REPLAY, again), (T.DISCARD, S.DISCARDED),
    ):  # fmt: skip
        if delivery.state in by.sources:
            yield moved(delivery, by, to)
    shown = not rules.people_wait or delivery.noted is None or delivery.noted >= rules.surely_shown_after
    visible = [age for age in delivery.records if age >= LAG]
    if delivery.state in T.SEEN_ABSENT.sources and shown and not visible:
        yield moved(delivery, T.SEEN_ABSENT, S.PENDING, noted=None)


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
                delivery = moved(delivery, T.SETTLE, delivery.as_it_stands)
        elif worker.step == "refused":
            yield from _refused(world, which, worker, holds)
            return
        elif holds:
            delivery = moved(delivery, T.DELIVER, S.DELIVERED, known=True)
        else:
            delivery = delivery._replace(known=True)  # too late to have a say, but it spares the next one a look
        yield _put(_with(world, worker.delivery, delivery), which, None)


def _refused(world: World, which: int, worker: Worker, holds: bool) -> Iterator[World]:
    """Nothing was written: it is tried again, waits for the connection, or has failed."""
    delivery = world.deliveries[worker.delivery]
    for state in (S.PENDING, S.HELD, S.DEAD):
        after = moved(delivery._replace(noted=None), T.SETTLE, state) if holds else delivery
        yield _put(_with(world, worker.delivery, after), which, None)


def _claimed(world: World, which: int, worker: Worker, rules: Rules) -> Iterator[World]:
    number, delivery = worker.delivery, world.deliveries[worker.delivery]
    if delivery.state != S.SENDING or (rules.fences and not worker.holds):
        yield _put(world, which, None)
    elif delivery.known:  # an update, of that record
        done = moved(delivery, T.DELIVER, S.DELIVERED)
        yield _put(_with(world, number, done), which, None)
    elif delivery.may_exist and rules.looks:
        yield from _looked(world, which, worker, rules)
    else:
        for state in (S.WAITING, S.SKIPPED, S.DEAD):  # no card is chosen, the rule does not fit, the form has a mistake
            yield _put(_with(world, number, moved(delivery, T.SETTLE, state)), which, None)
        noted = _with(world, number, delivery._replace(noted=0, lease=LEASE))
        yield _put(noted, which, worker._replace(step="noted", left=DEADLINE))


def _noted(world: World, which: int, worker: Worker, rules: Rules) -> Iterator[World]:
    number, delivery = worker.delivery, world.deliveries[worker.delivery]
    if worker.left or not rules.has_deadline:
        sent = _with(world, number, delivery._replace(records=(*delivery.records, 0)))
        yield _put(sent, which, worker._replace(step="answered"))
        yield _put(sent, which, worker._replace(step="unanswered"))
        yield _put(world, which, worker._replace(step="refused"))
    else:
        if worker.holds and delivery.state == S.SENDING:
            delivery = moved(delivery._replace(noted=None), T.PUT_BACK, S.PENDING)
        yield _put(_with(world, number, delivery), which, None)


def _looked(world: World, which: int, worker: Worker, rules: Rules) -> Iterator[World]:
    number, delivery = worker.delivery, world.deliveries[worker.delivery]
    assert delivery.noted is not None
    if any(age >= LAG for age in delivery.records):
        found = moved(delivery, T.DELIVER, S.DELIVERED, known=True)
        yield _put(_with(world, number, found), which, None)
    elif delivery.noted >= rules.surely_shown_after:
        yield _with(world, number, delivery._replace(noted=None))  # and then it goes on as a new one
    else:
        for state in (S.UNKNOWN, S.HELD, S.DEAD):  # it looks again, the connection breaks, a person has to look
            yield _put(_with(world, number, moved(delivery, T.SETTLE, state)), which, None)


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
