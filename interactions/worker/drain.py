"""The same work, whoever does it. A batch is claimed, loaded and begun in a few statements, sent from parallel
threads, and written down as answers come.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from authmethods import readability
from authmethods.grants import SecretsUnreadable
from integrations.errors import RecordGone
from integrations.types import Record
from interactions.delivery import journal, results
from interactions.delivery.batch import Batch
from interactions.delivery.deliver import carry_out, concluded, dropped_card, open_job
from interactions.delivery.job import Job
from interactions.delivery.outcome import Decision
from interactions.delivery.ready import Ready, ready
from interactions.queue import claim, states
from interactions.worker.senders import Senders
from outbound.deadline import Deadline, TooLate

SLOW_SECONDS = 2.0
"""A connection is slow when its deliveries take longer than this, each; several requests to a usual vendor do not."""
LONGEST_SECONDS = 10.0
"""A worker that is to end waits for its drain, and is killed after twice as long."""
MOST_TROUBLES = 2
"""Unreachable or unanswered so many times running: the rest need not find that out one by one."""
ROUNDS = 4
"""So many deliveries for each slot are begun at once: all that is begun must be sent within its lease."""
WAIT, GATHER, MANY = 0.25, 0.05, claim.BATCH
"""Seconds between two claims where little is due; seconds for which answers are gathered, at most so many, to be
written together."""


class Drained(NamedTuple):
    tried: int
    in_trouble: bool
    is_slow: bool


class Sent(NamedTuple):
    """What came of one delivery. `ready`: its record or error is still to be written down. `was_left`: not tried."""

    ready: Ready | None
    record: Record | None = None
    error: Exception | None = None
    decision: Decision | None = None
    was_left: bool = False


def work(
    method_id: int | None,
    seconds: float,
    on_turn: Callable[[], None] = lambda: None,
    stays: Callable[[], bool] = lambda: False,
) -> Drained:
    """For so many seconds; then `stays` is asked whether to go on, for LONGEST_SECONDS altogether. `on_turn` is
    called meanwhile. Raises what says nothing about a delivery.
    """
    return _Drain(method_id, seconds, on_turn, stays).run()


class _Drain:
    def __init__(
        self, method_id: int | None, seconds: float, on_turn: Callable[[], None], stays: Callable[[], bool]
    ) -> None:
        self._method_id, self._on_turn, self._stays = method_id, on_turn, stays
        self._began, self._seconds = time.monotonic(), seconds
        self._until = self._began + seconds
        self._claims_at = 0.0
        self._batch = Batch()
        self._senders: Senders[Sent] = Senders(1)
        self._tried = self._troubles = 0

    def run(self) -> Drained:
        if not readability.opens(self._method_id):  # another process may, and nothing is wrong with the deliveries
            return Drained(0, in_trouble=True, is_slow=False)
        while True:
            self._on_turn()
            self._stay()
            took = self._fill()
            if self._senders.under_way:
                self._write_down()
            elif not took:
                break
        seconds = time.monotonic() - self._began
        slow = bool(self._troubles) or seconds > max(self._tried, 1) * SLOW_SECONDS
        return Drained(self._tried, in_trouble=self._troubles >= MOST_TROUBLES, is_slow=slow)

    def _goes_on(self) -> bool:
        return self._troubles < MOST_TROUBLES and time.monotonic() < self._until

    def _stay(self) -> None:
        """Go on where the time is over and nobody else waits for it: each end lets the slots run dry."""
        now = time.monotonic()
        if self._until <= now < self._began + LONGEST_SECONDS and self._stays():
            self._until = now + self._seconds

    def _fill(self) -> bool:
        """Take as much as there is room for, so that no slot waits for the next batch; whether there was anything."""
        took = False
        while self._goes_on() and self._has_room() and self._take_more():
            took = True
            if not self._senders.under_way:
                break
        return took

    def _has_room(self) -> bool:
        under_way = self._senders.under_way
        return not under_way or (under_way <= 2 * self._senders.width and time.monotonic() >= self._claims_at)

    def _take_more(self) -> bool:
        claims = claim.take(self._method_id, beside_others=bool(self._senders.under_way))
        self._claims_at = 0.0 if len(claims) == claim.BATCH else time.monotonic() + WAIT
        self._batch.add(claims)
        some = bool(claims)
        jobs: list[Job] = []
        while claims and (not jobs or self._goes_on()):
            opened = open_job(claims.pop(0), self._batch)
            if isinstance(opened, Job):
                jobs.append(opened)
            else:
                self._count(opened)
        states.put_back(claims)
        self._send(jobs)
        return some

    def _send(self, jobs: list[Job]) -> None:
        if jobs and not self._senders.under_way and (width := jobs[0].store.width) != self._senders.width:
            self._senders = Senders(width)
        while jobs and (self._senders.under_way or not self._tried or self._goes_on()):
            self._send_some([jobs.pop(0) for _ in range(min(len(jobs), ROUNDS * self._senders.width))])
        states.put_back(job.claim for job in jobs)

    def _send_some(self, jobs: Sequence[Job]) -> None:
        begun = ready(jobs)
        deadline = Deadline()  # taken before: between the two this process may stand still, too
        attempts = journal.begin_creates([(one.job.claim, one.job.delivery, one.values) for one in begun])
        for one, attempt in zip(begun, attempts, strict=True):
            one.job.attempt, one.job.deadline = attempt, deadline
            if attempt:
                self._submit(partial(self._create, one))
            else:
                states.put_back([one.job.claim])
        sent = {one.job.claim for one in begun}
        for job in jobs:
            if job.claim not in sent:
                self._submit(partial(self._by_itself, job))

    def _submit(self, step: Callable[[], Sent]) -> None:
        self._senders.submit(step)
        if self._senders.width == 1:
            self._write_down()  # nothing else is under way

    def _create(self, one: Ready) -> Sent:
        if self._troubles >= MOST_TROUBLES:
            return Sent(one, was_left=True)
        job = one.job
        try:
            return Sent(one, job.create(one.values))
        except TooLate:
            return Sent(one, was_left=True)
        except SecretsUnreadable:
            self._troubles = MOST_TROUBLES
            return Sent(one, was_left=True)
        except Exception as error:  # noqa: BLE001 - what it means is decided where the answers are written down
            return Sent(one, error=error)

    def _by_itself(self, job: Job, gone: str = "") -> Sent:
        if not gone and self._tried and not self._goes_on():
            states.put_back([job.claim])
            return Sent(None, was_left=True)
        return Sent(None, decision=carry_out(job, gone=gone))

    def _write_down(self) -> None:
        answers = list(self._senders.finished(WAIT))
        until = time.monotonic() + (GATHER if self._goes_on() else 0.0)  # at the end, others wait for the slots
        while self._senders.under_way and len(answers) < MANY and (left := until - time.monotonic()) > 0:
            answers += self._senders.finished(left)
        results.delivered(
            [one.ready.job.written(one.record, one.ready.values) for one in answers if one.ready and one.record]
        )
        unsent = [one.ready.job for one in answers if one.ready and one.was_left]
        results.not_sent([(job.claim, job.attempt) for job in unsent if job.attempt])
        for one in answers:
            if one.ready and one.error:
                self._failed(one.ready.job, one.error)
            elif not one.was_left:
                self._count(one.decision)

    def _failed(self, job: Job, error: Exception) -> None:
        if isinstance(error, RecordGone):
            try:
                gone = dropped_card(job, error)
            except journal.LeaseLost:
                return
            self._senders.submit(partial(self._by_itself, job, gone))
        else:
            self._count(concluded(error, job.claim, job.delivery, job))

    def _count(self, decision: Decision | None) -> None:
        self._tried += 1
        self._troubles = self._troubles + 1 if decision and decision.is_trouble else 0
