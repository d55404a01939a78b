"""Beat's own hands: while Redis is away no worker hears anybody, so beat delivers what is due, one after the other.

It claims as workers do: one who is still at work, or a second beat, does no harm.
"""

from __future__ import annotations

import logging
import time

from django.db import connections

from interactions.engine import heartbeat, shift, sweep

SWEEP_SECONDS = 4.0
"""As often as beat asks workers for it. After trouble a connection has its next turn as late."""
REST = 2.0
"""A slow connection leaves beat to the others, where there are any, for so many times as long as it took."""

logger = logging.getLogger(__name__)


class Standby:
    """On while Redis is away, and until a worker has been seen since: workers may take half a minute to reconnect."""

    def __init__(self) -> None:
        self._is_on = self._redis_is_back = False
        self._worker_seen: str | None = None
        self._tried = 0
        self._turns: dict[int | None, float] = {}
        self._sweeps_at = self._goes_on_at = 0.0

    def unheard(self) -> None:
        """Redis is away, or takes no message."""
        if not self._is_on or self._redis_is_back:
            logger.warning("Redis is away: beat delivers by itself, slowly, one after the other.")
        self._is_on, self._redis_is_back = True, False

    def heard(self) -> None:
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
        """If it is on, deliver for so many seconds, and the length of one delivery more. Never raises."""
        if not self._is_on or time.monotonic() < self._goes_on_at:
            return
        try:
            self._sweep()
            self._deliver(time.monotonic() + seconds)
        except Exception:
            # Without its schedule nothing would go on when the database, say, is back.
            logger.exception("Beat could not deliver; it tries again in %d s.", SWEEP_SECONDS)
            self._goes_on_at = time.monotonic() + SWEEP_SECONDS
        finally:
            connections.close_all()  # who knows when it is needed again

    def _sweep(self) -> None:
        if time.monotonic() >= self._sweeps_at:
            self._sweeps_at = time.monotonic() + SWEEP_SECONDS
            sweep.put_right()

    def _deliver(self, until: float) -> None:
        """Give each connection its turn, whoever has waited for it longest first."""
        now = time.monotonic()
        turns = {method_id: self._turns.get(method_id, 0.0) for method_id in sweep.with_due()}
        for method_id in sorted((one for one in turns if turns[one] <= now), key=turns.__getitem__):
            left = until - time.monotonic()
            if left <= 0:
                return
            began = time.monotonic()
            done = shift.work(method_id, left)
            self._tried += done.tried
            ended = time.monotonic()
            alone = not self._turns.keys() - {method_id}
            rest = REST * (ended - began) if done.is_slow and not alone else 0.0
            self._turns[method_id] = ended + max(rest, SWEEP_SECONDS if done.in_trouble else 0.0)
