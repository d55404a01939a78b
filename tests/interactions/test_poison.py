"""One delivery that nobody can carry out holds up no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, OperationalError

from interactions.models import Delivery, DeliveryState
from tests.interactions.steps import post, work

pytestmark = pytest.mark.django_db(transaction=True)


def refuse_first(vendor: Any, error: Exception) -> None:
    """The first create meets this error, as when the database refuses what is to be noted of it."""

    def before(kind: str) -> None:
        if kind == "create" and not any(told == "create" for told, _ in vendor.journal):
            vendor.journal.append(("create", "refused"))
            raise error

    vendor.before = before


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("interaction__reference", "state"))


def test_a_value_that_the_database_refuses_ends_its_own_delivery_alone(crm: Any, vendor: Any) -> None:
    post("r0")
    work()
    vendor.journal.clear()
    refuse_first(vendor, DataError("unsupported Unicode escape sequence"))
    for reference in ("r1", "r2", "r3"):
        post(reference)
    work()
    assert states() == {"r0": "delivered", "r1": "dead", "r2": "delivered", "r3": "delivered"}
    assert "DataError" in Delivery.objects.get(state=DeliveryState.DEAD).reason


def test_a_database_that_is_gone_is_no_failure_of_the_delivery(crm: Any, vendor: Any) -> None:
    post("r0")
    work()
    vendor.journal.clear()
    refuse_first(vendor, OperationalError("server closed the connection"))
    post("r1")
    with pytest.raises(OperationalError):
        work()
    assert states()["r1"] == "sending"
