from __future__ import annotations

from collections import Counter

import pytest

from demo.journey.traffic import plan
from interactions.api.schemas import InteractionIn

RUN = "demo-1795445697"


def test_the_mixture_holds_what_the_demo_promises():
    planned = plan(100, RUN)
    flows = Counter(item.body["flow"] for item in planned)
    directions = {item.body["direction"] for item in planned if item.body["flow"] == "voice"}
    assert flows["voice"] > 60
    assert flows["email"] >= 1
    assert flows["messaging"] >= 1
    assert directions == {"inbound", "outbound"}
    assert sum(item.is_known for item in planned) > 20
    assert sum(not item.is_known for item in planned) > 20
    assert sum(bool(item.late_recording) for item in planned) > 10
    assert {item.body.get("status") for item in planned} >= {"completed", "missed"}


@pytest.mark.parametrize("count", [6, 100, 999])
def test_the_api_takes_every_one_of_them_and_no_reference_is_used_twice(count):
    planned = plan(count, RUN)
    for item in planned:
        InteractionIn.model_validate(item.body)
    assert len({item.reference for item in planned}) == count


def test_strangers_call_more_than_once_and_are_new_in_each_run():
    first = {item.customer for item in plan(100, RUN) if not item.is_known}
    second = {item.customer for item in plan(100, "demo-1795445698") if not item.is_known}
    calls = Counter(item.customer for item in plan(100, RUN) if not item.is_known)
    assert not first & second
    assert max(calls.values()) > 1
