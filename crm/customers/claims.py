"""Claims on an unknown customer: rows of `KnownCard` without a card yet. Call outside of any transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex

from django.db import IntegrityError, transaction
from django.db.models import Min, Q, QuerySet

from core import clock
from crm.models import CRMObject, KnownCard

LEASE = timedelta(seconds=120)
"""Longer than one request to a vendor can last with all its time-outs."""
PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=60)
"""Between two looks for a card whose creation was not answered: each costs the vendor's credits."""
FORM_KEPT = timedelta(days=1)
"""Longer than anybody waits before sending a form again."""
_FORM = "form:"


@dataclass(frozen=True)
class Claim:
    """`write_began_at`: an earlier holder may have created the card since then (UTC), with these `sent_values`."""

    target: CRMObject
    marker: str
    holder: str
    write_began_at: datetime | None = None
    sent_values: Mapping[str, object] = field(default_factory=dict)


def take(target: CRMObject, customers: list[str], claimed_by: str) -> Claim | None:
    """Under all keys (sorted, so that two claimers never wait for each other). None when somebody else holds it, or
    when the card is known by now.
    """
    claim = Claim(target, token_hex(8), f"{claimed_by[:23]}:{token_hex(8)}")
    try:
        with transaction.atomic():
            KnownCard.objects.bulk_create(_rows(claim, customers))
    except IntegrityError:
        return _taken_over(claim, customers)
    return claim


def begin_write(claim: Claim, values: Mapping[str, object]) -> bool:
    """Note, before anything is sent, that the card may exist from now on. False when the claim is lost: do not send."""
    now = clock.now()
    held = _open(claim).filter(claimed_by=claim.holder, lease_expires_at__gt=now)
    return held.update(write_began_at=now, lease_expires_at=now + LEASE, sent_values=dict(values)) > 0


def settle(claim: Claim, card_id: str) -> None:
    """The card exists, and a search has just shown no other. Written whoever holds the claim by now: it is true."""
    _open(claim).update(card_id=card_id, searched_at=clock.now(), claimed_by="", lease_expires_at=None, sent_values={})


def made(target: CRMObject, customer: str) -> str:
    """The id of the card that was made under this key, "" when none was yet."""
    ids = KnownCard.objects.filter(object=target, customer=customer).values_list("card_id", flat=True)
    return ids.first() or ""


def of_form(agent_id: int, token: str) -> str:
    """The key that stands for a form of an agent where no customer is to be told from the next."""
    return f"{_FORM}{agent_id}:{token}"


def forget_forms() -> None:
    """Drop the claims of old forms: each holds what was typed until the vendor's answer is there."""
    long_ago = clock.now() - FORM_KEPT
    is_old = Q(write_began_at__lt=long_ago) | Q(write_began_at=None, lease_expires_at__lt=long_ago)
    KnownCard.objects.filter(is_old, customer__startswith=_FORM).delete()


def pause(claim: Claim, wait: timedelta | None = None) -> None:
    """Leave the claim to whoever comes next: after a few seconds, and longer each time while nothing shows."""
    until = clock.now() + (rest(claim.write_began_at) if wait is None else wait)
    _open(claim).filter(claimed_by=claim.holder).update(lease_expires_at=until)


def rest(write_began_at: datetime | None) -> timedelta:
    """How long to leave a claim alone whose card may have been sent at that time."""
    age = clock.now() - write_began_at if write_began_at else PAUSE
    return min(max(PAUSE, age / 4), LONGEST_PAUSE)


def written_since(target: CRMObject, customers: list[str]) -> datetime | None:
    """Since when somebody may have created the customer's card (UTC), None when nothing was sent."""
    rows = KnownCard.objects.filter(object=target, customer__in=customers)
    at: datetime | None = rows.aggregate(at=Min("write_began_at"))["at"]
    return at


def release(claim: Claim) -> None:
    _open(claim).filter(claimed_by=claim.holder).delete()


def _taken_over(claim: Claim, customers: list[str]) -> Claim | None:
    rows = KnownCard.objects.filter(object=claim.target, customer__in=customers).order_by("pk")
    first = rows.first()
    if first is None or rows.exclude(card_id="").exists():
        return None
    ours = Claim(claim.target, first.marker, claim.holder, first.write_began_at, first.sent_values)
    now = clock.now()
    expired = _open(ours).filter(lease_expires_at__lte=now, write_began_at=first.write_began_at)
    if not expired.update(claimed_by=ours.holder, lease_expires_at=now + LEASE):
        return None
    KnownCard.objects.bulk_create(_rows(ours, customers), ignore_conflicts=True)
    return ours


def _open(claim: Claim) -> QuerySet[KnownCard]:
    return KnownCard.objects.filter(object=claim.target, marker=claim.marker, card_id="")


def _rows(claim: Claim, customers: list[str]) -> list[KnownCard]:
    until = clock.now() + LEASE
    return [
        KnownCard(
            object=claim.target,
            customer=customer,
            marker=claim.marker,
            claimed_by=claim.holder,
            lease_expires_at=until,
            write_began_at=claim.write_began_at,
            sent_values=dict(claim.sent_values),
        )
        for customer in customers
    ]
