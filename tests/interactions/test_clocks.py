"""Machines whose clocks are wrong: waits are durations, and only the database says what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from authmethods import tokens
from authmethods.models import StoredGrant
from integrations.errors import Throttled
from interactions.models import Delivery
from tests.interactions.promise import post
from tests.interactions.steps import the_database_says, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("wrong", [timedelta(minutes=10), timedelta(minutes=-10)], ids=["ahead", "behind"])
def test_a_worker_with_a_wrong_clock_waits_as_long_as_the_vendor_asks(crm, vendor, monkeypatch, wrong):
    post(1)
    with time_machine.travel(datetime.now(UTC) + wrong, tick=False):
        vendor.fail("find", Throttled("Wait.", until=datetime.now(UTC) + timedelta(seconds=90)))
        right = datetime.now(UTC) - wrong
        the_database_says(monkeypatch, lambda: right)
        Delivery.objects.update(next_attempt_at=right)
        work()
    assert Delivery.objects.get().next_attempt_at - right == timedelta(seconds=90)


def test_a_worker_whose_clock_is_ahead_asks_for_no_token_that_is_still_good(acme, monkeypatch):
    asked, right = len(acme.asked("/oauth/v2/token")), datetime.now(UTC)
    the_database_says(monkeypatch, lambda: right)
    with time_machine.travel(right + timedelta(hours=3), tick=False):
        tokens.token(StoredGrant.objects.get().method_id)
    assert len(acme.asked("/oauth/v2/token")) == asked


def test_nothing_that_beat_asks_for_expires_by_the_clock_of_a_worker():
    assert "expires" not in str(settings.CELERY_BEAT_SCHEDULE)
