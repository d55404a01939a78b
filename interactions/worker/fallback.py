"""Beat's own hands: everywhere while Redis is away, and at each connection that stands still. It claims as workers
do.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connections

from authmethods.models import AuthenticationMethod
from core import clock
from interactions.delivery import journal
from interactions.queue import recovery, stalled
from interactions.worker import drain, heartbeat

SWEEP_SECONDS = 4.0
"""As often as beat asks workers for it. After trouble a connection has its next turn as late."""
WATCH_SECONDS = 5.0
"""How often beat looks for connections that stand still, and whether workers have begun there again."""
REST_SECONDS = 2.0
"""A slow connection leaves beat to the others, where there are any, for so many times as long as it took."""

logger = logging.getLogger(__name__)


class Fallback:
    """On until a worker has been seen since (half a minute after Redis is back), or begins something there."""

    def __init__(self, is_told: Callable[[Exception], bool] = lambda error: False) -> None:
        """`is_told` says of a failure whether the log has it already."""
        self._is_told = is_told
        self._is_on = self._redis_is_back = False
        self._worker_seen: str | None = None
        self._tried = 0
        self._turns: dict[int | None, float] = {}
        self._taken: set[int | None] = set()
        self._watched: datetime | None = None
        self._sweeps_at = self._goes_on_at = 0.0
        self._watches_at = time.monotonic() + WATCH_SECONDS  # who starts together with beat has the first go

    def redis_is_away(self) -> None:
        if not self._is_on or self._redis_is_back:
            logger.warning("Redis is away: beat delivers by itself, slowly, one after the other.")
        self._is_on, self._redis_is_back = True, False
        self._taken, self._watched = set(), None

    def redis_took_a_message(self) -> None:
        """Beat could publish; whether somebody listens, only a worker's next sign of life tells."""
        if not self._is_on:
            return
        try:
            seen = heartbeat.latest()
        except Exception:  # noqa: BLE001 - the cache's library raises many kinds; it is away again
            return
        if not self._redis_is_back:
            self._redis_is_back, self._worker_seen = True, seen
            logger.info("Redis is back: beat goes on delivering until a worker is seen.")
        elif seen not in (None, self._worker_seen):
            logger.info("A worker is seen again: beat leaves the deliveries to it, after %d of its own.", self._tried)
            self._is_on, self._tried, self._turns = False, 0, {}

    def work(self, seconds: float) -> None:
        """Where it is on, deliver for so many seconds, and the length of one delivery more. Never raises."""
        until, now = time.monotonic() + seconds, time.monotonic()
        if now < self._goes_on_at or not (self._is_on or self._taken or now >= self._watches_at):
            return
        try:
            if self._is_on:
                self._sweep()
            else:
                self._watch()
            self._deliver(until)
        except Exception as error:
            # Without its schedule nothing would go on when the database, say, is back.
            if not self._is_told(error):
                logger.exception("Beat could not deliver; it tries again in %d s.", SWEEP_SECONDS)
            self._goes_on_at = time.monotonic() + SWEEP_SECONDS
        finally:
            connections.close_all()  # who knows when it is needed again

    def _sweep(self) -> None:
        if time.monotonic() >= self._sweeps_at:
            self._sweeps_at = time.monotonic() + SWEEP_SECONDS
            recovery.put_right()

    def _watch(self) -> None:
        if time.monotonic() < self._watches_at:
            return
        self._watches_at = time.monotonic() + WATCH_SECONDS
        recovery.put_right()  # for nobody may hear beat ask for it
        since, self._watched = self._watched, clock.now()
        for method_id in [one for one in self._taken if since and stalled.begun_by_workers(one, since)]:
            self._taken.discard(method_id)
            logger.info("A worker delivers at %s again: beat leaves it to the workers.", _name(method_id))
        for method_id in stalled.connections():
            if method_id not in self._taken:
                self._taken.add(method_id)
                text = "Nothing was begun for %d s at %s: beat delivers there by itself. Look at the workers' log."
                logger.warning(text, stalled.PATIENCE.seconds, _name(method_id))

    def _deliver(self, until: float) -> None:
        """Give each connection its turn, whoever has waited for it longest first."""
        now = time.monotonic()
        due = [one for one in recovery.with_due() if self._is_on or one in self._taken]
        turns = {method_id: self._turns.get(method_id, 0.0) for method_id in due}
        for method_id in sorted((one for one in turns if turns[one] <= now), key=turns.__getitem__):
            left = until - time.monotonic()
            if left <= 0:
                return
            began = time.monotonic()
            with journal.working_for_workers():
                done = drain.work(method_id, left)
            self._tried += done.tried
            ended = time.monotonic()
            alone = not self._turns.keys() - {method_id}
            rest = REST_SECONDS * (ended - began) if done.is_slow and not alone else 0.0
            self._turns[method_id] = ended + max(rest, SWEEP_SECONDS if done.in_trouble else 0.0)


def _name(method_id: int | None) -> str:
    if method_id is None:
        return "the cards kept here"
    name = AuthenticationMethod.objects.filter(pk=method_id).values_list("name", flat=True).first()
    return f"connection {method_id} ({name})"
