"""The budget in Redis: each place has a lease by the server's clock, so that those of a killed worker become free."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from outbound.errors import IntegrationError, OutcomeUnknown, Throttled
from outbound.file_lock import LockTimeout, lock
from outbound.limiter import RateLimiter, Ready
from outbound.limiter_scripts import END_IN, FULL, HOLD, SPENT, TAKE, TAKEN
from outbound.place_renewal import renewal
from outbound.reasons import ASKED_TO_WAIT, CREDITS_KEPT, NO_LOCK, NO_PLACE
from outbound.redis_server import Argument, server_at

LEASE_SECONDS = 12.0
"""Seconds after which a place is free again by itself, unless its process extends it (`place_renewal`)."""
UNANSWERED_SECONDS, LONGEST_UNANSWERED_SECONDS = 1.0, 45.0
"""The least and the most seconds that a request without an answer keeps its place: it may still be running there. One
that was waited for keeps it as long again, as the vendor may be slow; broken connections must not use up the places
for long."""
FORGOTTEN_SECONDS = 4.0
"""Seconds for which all places count as taken once Redis has lost them: few of the requests that had them run longer,
and whoever wants a place has the patience."""
PEOPLE_STAY_SECONDS = 60
"""Seconds after a person asked for which one place is left to people: whoever works asks again."""
MOMENT = timedelta(seconds=1)
"""How long nobody asks after a refusal that names no time."""
PROBE_SECONDS = 3600.0
"""Seconds after which spent credits are doubted: one request then shows whether the day has begun anew."""
OBSERVE_EVERY_SECONDS = 1.0
PLENTY = 10
"""Above so many times the credits that we keep, they are noted every `OBSERVE_EVERY_SECONDS`: a round trip less."""
POLL_SECONDS = (0.02, 0.06)

LONGEST_HOLD_SECONDS, LONGEST_SPENT_SECONDS, LONGEST_LEASE_SECONDS = (
    86_460,
    PROBE_SECONDS + 60,
    4 * LONGEST_UNANSWERED_SECONDS,
)
"""Seconds beyond which what stands in Redis is not of our making (a vendor is believed for a day at most): somebody
else wrote it, or the server's clock was set back. It is dropped, for it would stop deliveries for as long."""

_memories: dict[tuple[str, str], str] = {}
"""By server and organisation, the memory of its places that this process knows."""


class RedisRateLimiter(RateLimiter):
    """We use a `share` of the vendor's `limit`. While people work, a place and the last `credits_kept` are theirs."""

    def __init__(
        self,
        redis_url: str,
        key: str,
        *,
        limit: int,
        share: float = 0.8,
        zone: str = "UTC",
        credits_kept: int = 200,
        patience: float = 10.0,
        patience_foreground: float = 5.0,
        lease: float = LEASE_SECONDS,
    ) -> None:
        self._redis = server_at(redis_url)
        self._keys = [f"pace:{{{key}}}:{part}" for part in ("places", "held", "credits", "memory", "people")]
        self._key = key
        self._place_of_memory = redis_url, key
        self._places = max(1, int(limit * share))
        self.width = self._places
        self._zone = ZoneInfo(zone)
        self._credits_kept = credits_kept
        self._patience = {False: patience, True: patience_foreground}
        self._lease = lease
        self._observe_again = 0.0

    @contextmanager
    def slot(self, prepare: Callable[[], Ready], *, foreground: bool) -> Iterator[Ready]:
        place = secrets.token_hex(8)
        began = time.monotonic()
        deadline = began + self._patience[foreground]
        ask = partial(self._ask, place, foreground)
        is_over = True
        try:
            answer = ask()
            # While the answer is on its way: a call costs 1.0 to 1.2 times a bare one, else 1.3 to 1.5 (2026-11-27).
            ready = prepare()
            with nullcontext() if self._is_granted(answer, ask, deadline) else alone(self._key, deadline):
                renewal.hold(place, self._lease, self._extend)
                is_over = False  # an interruption (a time limit of Celery) tells as little as silence does
                yield ready
            is_over = True
        except IntegrationError as error:
            is_over = is_over or not isinstance(error, OutcomeUnknown)
            raise
        finally:
            renewal.drop(place)
            if is_over:
                self._redis.tell("ZREM", self._keys[0], place)
            else:
                kept = min(max(time.monotonic() - began, UNANSWERED_SECONDS), LONGEST_UNANSWERED_SECONDS)
                self._redis.tell(*END_IN.whole([self._keys[0], place, kept]))

    def _extend(self, place: str) -> None:
        self._redis.ask(lambda server: END_IN.run(server, [self._keys[0], place, self._lease]))

    def observe(self, *, remaining: int | None) -> None:
        if remaining is None or time.monotonic() < self._observe_again:
            return
        # Once they are low every number counts, the first high one after the reset included.
        plenty = remaining > PLENTY * self._credits_kept
        self._observe_again = time.monotonic() + OBSERVE_EVERY_SECONDS if plenty else 0.0
        now = datetime.now(self._zone)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        until_midnight = (midnight.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
        life = int(min(until_midnight, PROBE_SECONDS)) + 1
        self._redis.ask(lambda server: server.set(self._keys[2], remaining, ex=life))

    def hold(self, until: datetime | None) -> None:
        wait = until - datetime.now(UTC) if until else MOMENT
        milliseconds = max(1, int(wait.total_seconds() * 1000))
        self._redis.ask(lambda server: HOLD.run(server, [self._keys[1], milliseconds]))

    def credits(self) -> int | None:
        value = self._redis.ask(lambda server: server.get(self._keys[2]))
        return int(value) if value is not None else None

    def _ask(self, place: str, foreground: bool) -> Callable[[], Any]:
        kept = 1 if foreground else self._credits_kept
        beyond = (LONGEST_HOLD_SECONDS, LONGEST_SPENT_SECONDS, LONGEST_LEASE_SECONDS)
        lost = (_memories.get(self._place_of_memory, ""), FORGOTTEN_SECONDS, self._places)
        people = (int(foreground), PEOPLE_STAY_SECONDS)
        arguments: list[Argument] = [*self._keys, place, self._lease, self._places, kept, *beyond, *lost, *people]
        return self._redis.ask_ahead(TAKE, arguments)

    def _is_granted(self, answer: Callable[[], Any], ask: Callable[[], Callable[[], Any]], deadline: float) -> bool:
        """Ask again until the deadline. False when Redis is away; raises Throttled."""
        while (said := answer()) is not None:
            verdict, seconds = int(said[0]), float(said[1])
            _memories[self._place_of_memory] = said[2].decode()
            if verdict == TAKEN:
                return True
            if verdict != FULL:
                until = datetime.now(UTC) + timedelta(seconds=max(seconds, 0.0))
                raise Throttled(CREDITS_KEPT if verdict == SPENT else ASKED_TO_WAIT, until=until)
            if time.monotonic() > deadline:
                raise Throttled(NO_PLACE)
            time.sleep(random.uniform(*POLL_SECONDS))  # noqa: S311
            answer = ask()
        return False


@contextmanager
def alone(key: str, deadline: float) -> Iterator[None]:
    """Without Redis: one request at a time on this machine, which is slower but safe."""
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(f"pace:{key}", deadline - time.monotonic()))
        except LockTimeout:
            raise Throttled(NO_PLACE) from None
        except OSError as problem:
            raise Throttled(NO_LOCK(cause=str(problem.strerror or problem))) from None
        yield
