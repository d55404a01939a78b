"""What is looked up once for a batch. It is believed as long as an access token; whoever sends asks the database
first whether the delivery still is what was read (`journal.begin`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from authmethods.models import Status as MethodStatus
from authmethods.tokens import MOMENT_SECONDS
from core import clock
from crm import rules
from crm.models import CRM, Assignment
from crm.stores.base import Store
from crm.stores.opening import open_store
from interactions.models import Delivery, DeliveryState
from interactions.queue.states import Claim


class Found(NamedTuple):
    """A claimed delivery as it was at that time (UTC, the database's)."""

    delivery: Delivery
    at: datetime


class Batch:
    _deliveries: dict[Claim, Found]
    _rules: dict[int, Assignment]
    _stores: dict[tuple[int, int | None], Store]

    def __init__(self, *claims: Claim) -> None:
        self._claims = list(claims)
        self._forget()

    def add(self, claims: Iterable[Claim]) -> None:
        self._claims.extend(claims)

    def delivery(self, claim: Claim) -> Found | None:
        """The delivery with its interaction; None when the claim does not hold any more."""
        self._keep_fresh()
        if claim not in self._deliveries:
            self._deliveries = _found(self._claims)
        self._claims.remove(claim)
        return self._deliveries.get(claim)

    def rule(self, delivery: Delivery) -> Assignment | None:
        """None when it was deleted. A CRM that moved to another method has taken its deliveries with it."""
        if delivery.assignment_id is None:
            return None
        self._keep_fresh()
        rule = self._rules.get(delivery.assignment_id)
        if rule is not None and not _agrees(rule.target.crm, delivery):
            self._forget()
            rule = None
        if rule is None and (rule := rules.load(delivery.assignment_id)):
            self._rules[rule.pk] = rule
        return rule

    def store(self, crm: CRM) -> Store:
        """Raises what `open_store` raises."""
        way = (crm.pk, crm.method_id)
        if way not in self._stores:
            self._stores[way] = open_store(crm)
        return self._stores[way]

    def _keep_fresh(self) -> None:
        if time.monotonic() > self._until:
            self._forget()

    def _forget(self) -> None:
        self._deliveries, self._rules, self._stores = {}, {}, {}
        self._until = time.monotonic() + MOMENT_SECONDS


def _found(claims: Sequence[Claim]) -> dict[Claim, Found]:
    rows = Delivery.objects.filter(pk__in=[claim.id for claim in claims], state=DeliveryState.SENDING)
    timed = rows.select_related("interaction__agent").order_by().annotate(now=clock.expression())
    found = {Claim(row.pk, row.fence): Found(row, row.now) for row in timed}  # type: ignore[attr-defined]
    return {claim: found[claim] for claim in claims if claim in found}


def _agrees(crm: CRM, delivery: Delivery) -> bool:
    enabled = crm.method is None or crm.method.status == MethodStatus.ENABLED
    return enabled and crm.method_id == delivery.method_id
