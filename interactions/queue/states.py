"""Every change of a delivery's state (docs/delivery.md draws them); nothing else writes it. Each is one conditional
update: whoever comes too late changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, Value, When

from core.bulk import update_each
from core.reasons import Reason, columns
from interactions.models import Attempt, Delivery, DeliveryRows, DeliveryState

S = DeliveryState
DUE = (S.PENDING, S.UNKNOWN)
"""What a worker may claim."""
NOT_UNDER_WAY = (S.DELIVERED, S.WAITING, S.SKIPPED, S.DEAD)
"""What a delivery does not leave by itself: a change of the interaction is a new chance for it."""
MAY_EXIST = Q(write_began_at__isnull=False, remote_id="")
AS_IT_STANDS = Case(When(MAY_EXIST, then=Value(S.UNKNOWN)), default=Value(S.PENDING))
"""The state of a delivery that nobody works on: whoever claims it looks first if it may be written already."""
INITIAL = (S.PENDING, S.HELD, S.UNKNOWN)
"""HELD where the connection is not enabled when the interaction is accepted, UNKNOWN where a backup was restored."""


class Transition(Enum):
    """From which states to which. Of PENDING and UNKNOWN, what may exist at the vendor becomes UNKNOWN."""

    CLAIM = DUE, (S.SENDING,)
    PUT_BACK = (S.SENDING,), DUE
    DELIVER = (S.SENDING,), (S.DELIVERED, S.PENDING)
    SETTLE = (S.SENDING,), (S.PENDING, S.UNKNOWN, S.WAITING, S.HELD, S.SKIPPED, S.DEAD)
    EXPIRE = (S.SENDING,), (S.PENDING, S.UNKNOWN, S.DEAD)
    SUSPEND = DUE, (S.HELD,)
    RESUME = (S.HELD,), DUE
    REQUEUE = NOT_UNDER_WAY, DUE
    SEEN_ABSENT = (S.DEAD,), (S.PENDING,)
    REPLAY = (S.DEAD, S.SKIPPED, S.DISCARDED, S.WAITING, S.PENDING, S.UNKNOWN), DUE
    LOOK_FIRST = (S.PENDING,), (S.UNKNOWN,)
    DISCARD = (S.WAITING, S.DEAD, S.SKIPPED, S.HELD), (S.DISCARDED,)

    def __init__(self, sources: tuple[DeliveryState, ...], targets: tuple[DeliveryState, ...]) -> None:
        self.sources, self.targets = sources, targets


class Claim(NamedTuple):
    """One delivery in our hands, as long as its fence has not moved on."""

    id: int
    fence: int

    def rows(self) -> DeliveryRows:
        """The delivery if this claim still holds, else nothing: every result is written through this."""
        return Delivery.objects.filter(pk=self.id, fence=self.fence, state=S.SENDING).order_by()


class Expired(NamedTuple):
    id: int
    ended_in: str
    """The kind of the attempt that was open, "" where nothing was begun."""
    rests: timedelta | None
    """How long it rests after one more failed attempt; None where that was the last."""


def claim(ids: Collection[int], *, until: datetime) -> int:
    """Give these to a worker, until their lease expires; they must be locked. The fence ends every earlier claim."""
    rows = Delivery.objects.filter(pk__in=ids)  # nothing more: SQLite would rather look through all that are due
    return rows.move(state=S.SENDING, fence=F("fence") + 1, lease_expires_at=until)


def put_back(claims: Iterable[Claim]) -> None:
    """Return what was claimed and not begun: it is due at once, and nothing was tried."""
    for one in claims:
        one.rows().move(state=AS_IT_STANDS, lease_expires_at=None)


def not_sent(claims: Collection[Claim]) -> None:
    """Return what was begun by a batch whose sending ended before its turn: nothing of it went out."""
    keys = [{"id": one.id, "fence": one.fence, "state": S.PENDING, "write_began_at": None} for one in claims]
    update_each(Delivery, [key | {"lease_expires_at": None} for key in keys], match=("id", "fence"), state=S.SENDING)


def deliver(rows: Sequence[dict[str, Any]], *, now: datetime) -> set[int]:
    """The ids of those whose claim held. `changed`: the interaction changed meanwhile, so it is due again."""
    return update_each(
        Delivery,
        [_delivered(row, now) for row in rows],
        match=("id", "fence"),
        state=S.SENDING,
    )


def settle(claimed: Claim, state: DeliveryState, *, changed_at: datetime | None = None, **also: Any) -> int:
    """`also` is set beside the state. `changed_at`: it is due again from then on, with all its attempts."""
    if state not in Transition.SETTLE.targets:
        raise ValueError(f"A claimed delivery does not become {state} by a decision.")
    if changed_at is not None:
        also |= {"next_attempt_at": changed_at, "attempts_made": 0, "looks_made": 0}
        unwritten = also.get("write_began_at", True) is None
        return claimed.rows().move(
            **also, state=S.PENDING if unwritten else AS_IT_STANDS, lease_expires_at=None, alone=False
        )
    return claimed.rows().move(**also, state=state, lease_expires_at=None, alone=False)


def expire(claims: Collection[Expired], *, now: datetime, reason: Reason | str) -> None:
    """Their rows must be locked. What was not begun goes back untouched; a create is looked for; all else that was
    begun counts as an attempt, and ends after the last, for the `reason`.
    """
    sending = Delivery.objects.filter(state=S.SENDING).order_by()
    common: dict[str, Any] = {"fence": F("fence") + 1, "lease_expires_at": None, "alone": True}
    sending.filter(pk__in=[one.id for one in claims if not one.ended_in]).move(state=AS_IT_STANDS, **common)
    created = [one.id for one in claims if one.ended_in == Attempt.Kind.CREATE]
    sending.filter(pk__in=created).move(state=AS_IT_STANDS, next_attempt_at=now, **common)
    failed = [one for one in claims if one.ended_in not in ("", Attempt.Kind.CREATE)]
    common |= {"attempts_made": F("attempts_made") + 1}
    for rests in {one.rests for one in failed}:
        rows = sending.filter(pk__in=[one.id for one in failed if one.rests == rests])
        if rests is None:
            rows.move(state=S.DEAD, error_kind="internal", **columns(reason), **common)
        else:
            rows.move(state=AS_IT_STANDS, next_attempt_at=now + rests, **common)


def suspend(rows: DeliveryRows, *, reason: Reason | str) -> int:
    return rows.filter(state__in=Transition.SUSPEND.sources).move(state=S.HELD, **columns(reason))


def resume(rows: DeliveryRows, *, now: datetime) -> int:
    held = rows.filter(state__in=Transition.RESUME.sources)
    return held.move(state=AS_IT_STANDS, **columns(""), error_kind="", next_attempt_at=now)


def requeue(rows: DeliveryRows, *, now: datetime) -> int:
    """The interaction changed: whatever rests is due now, as if for the first time."""
    return _again(rows.filter(state__in=Transition.REQUEUE.sources), now)


def replay(rows: DeliveryRows, *, now: datetime) -> int:
    """A person has them tried again now, as if for the first time."""
    return _again(rows.filter(state__in=Transition.REPLAY.sources), now)


def seen_absent(rows: DeliveryRows, *, now: datetime) -> int:
    """A person saw that what may have been written was not: it is written again, as if for the first time."""
    ended = rows.filter(state__in=Transition.SEEN_ABSENT.sources)
    return ended.move(state=S.PENDING, write_began_at=None, next_attempt_at=now, attempts_made=0, looks_made=0)


def look_first(rows: DeliveryRows) -> int:
    """A backup was restored: what is due may be written already, so it is looked for."""
    return rows.filter(state__in=Transition.LOOK_FIRST.sources).move(state=S.UNKNOWN)


def discard(rows: DeliveryRows, *, reason: Reason | str) -> int:
    waiting = rows.filter(state__in=Transition.DISCARD.sources)
    return waiting.move(state=S.DISCARDED, **columns(reason), next_attempt_at=None)


def _again(rows: DeliveryRows, now: datetime) -> int:
    return rows.move(state=AS_IT_STANDS, next_attempt_at=now, attempts_made=0, looks_made=0)


def _delivered(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    changed = row.pop("changed")
    return row | {
        "state": S.PENDING if changed else S.DELIVERED,
        "next_attempt_at": now if changed else None,
        "lease_expires_at": None,
        "attempts_made": 0,
        "looks_made": 0,
        "alone": False,
        "reason": "",
        "reason_code": "",
        "error_kind": "",
        "error_code": "",
        "error_fields": {},
    }
