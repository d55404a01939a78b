"""From what went wrong to what happens next: the one table of the engine's decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.reasons import Reason, plain
from crm.form import FormError
from integrations.errors import (
    IntegrationError,
    Misconfigured,
    NeedsReconnection,
    OutcomeUnknown,
    RecordGone,
    Refused,
    Throttled,
)
from interactions import reasons
from interactions.models import Delivery, DeliveryState
from interactions.queue import backoff

NOTHING = plain("")
MOST_FAILED_LOOKS = 8
"""Looks that failed (not: that found nothing) before a person is asked; some eight hours."""
MOST_GONE = 4
"""Times that a search shows a card which is gone before a person is asked: a quarter of an hour for the index."""


@dataclass(frozen=True)
class Decision:
    """What becomes of a delivery. `wait` from now on; `unwritten`: the open create certainly did not happen."""

    state: DeliveryState
    reason: Reason = NOTHING
    wait: timedelta | None = None
    burns: bool = False
    looked: bool = False
    unwritten: bool = False
    kind: str = ""
    code: str = ""
    status: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_trouble(self) -> bool:
        """Whether the way to the vendor is in trouble, so that the next delivery would meet it too."""
        return self.kind in ("not_sent", "unknown", "unreadable")


class Abort(Exception):
    def __init__(self, decision: Decision) -> None:
        super().__init__(str(decision.reason))
        self.decision = decision


def of_error(error: IntegrationError, delivery: Delivery, *, creating: bool, usable: bool) -> Decision:
    """`creating`: it is the answer to the create itself; `usable`: the method is still enabled: else it was stopped
    while we worked, which counts as no failure.
    """
    if creating and isinstance(error, OutcomeUnknown):
        wait = backoff.look(0)
        return _decision(error, DeliveryState.UNKNOWN, wait=wait)
    # Anything but an unknown outcome says that the create was not applied (integrations.errors).
    open_write = delivery.may_exist and not creating
    if not usable and isinstance(error, (NeedsReconnection, Misconfigured)):
        return _decision(error, DeliveryState.HELD, unwritten=creating)
    if isinstance(error, Throttled):
        return _decision(error, _resting(open_write), wait=_as_asked(error.until), unwritten=creating)
    stale = creating and isinstance(error, RecordGone) and delivery.attempts_made < MOST_GONE
    if isinstance(error, (Refused, Misconfigured)) and not stale:
        return _decision(error, DeliveryState.DEAD, burns=True, unwritten=creating, open_write=open_write)
    tries = delivery.attempts_made + 1
    wait_more = None if open_write and tries > MOST_FAILED_LOOKS else backoff.retry(tries)
    if wait_more is None:
        return _decision(error, DeliveryState.DEAD, burns=True, unwritten=creating, open_write=open_write)
    return _decision(error, _resting(open_write), wait=wait_more, burns=True, unwritten=creating)


def of_form(error: FormError) -> Decision:
    return Decision(
        DeliveryState.DEAD,
        reasons.FORM(fields=_told(error.fields)),
        kind="form",
        fields=error.fields,
        burns=True,
    )


def of_bug(error: Exception) -> Decision:
    """A mistake of our own: named, and not tried for ever."""
    name = type(error).__name__
    return Decision(DeliveryState.DEAD, reasons.FAILED(name=name), kind="internal", code=name[:60], burns=True)


def dead(kind: str, reason: Reason) -> Decision:
    return Decision(DeliveryState.DEAD, reason, kind=kind)


def _told(fields: Mapping[str, str]) -> str:
    return " ".join(f"{name}: {validation_error}" for name, validation_error in fields.items())


def _resting(open_write: bool) -> DeliveryState:
    return DeliveryState.UNKNOWN if open_write else DeliveryState.PENDING


def _as_asked(until: datetime | None) -> timedelta:
    """No shorter than our shortest wait and no longer than a day. `until` was made a moment ago, by this machine's
    clock.
    """
    least = backoff.jittered(backoff.RETRIES_SECONDS[0])
    return min(max(until - datetime.now(UTC), least), backoff.LONGEST_WAIT) if until else least


def _decision(
    error: IntegrationError,
    state: DeliveryState,
    *,
    wait: timedelta | None = None,
    burns: bool = False,
    unwritten: bool = False,
    open_write: bool = False,
) -> Decision:
    return Decision(
        state,
        reasons.MAY_EXIST(cause=error.reason) if open_write else error.reason,
        wait=wait,
        burns=burns,
        unwritten=unwritten,
        kind="unsettled" if open_write and state == DeliveryState.DEAD else error.kind,
        code=error.code,
        status=error.status,
        fields=error.fields if isinstance(error, Refused) else {},
    )
