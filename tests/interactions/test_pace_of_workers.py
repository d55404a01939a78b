"""Real workers deliver to portals of every edition; the journal of the local Zoho says what they asked at once."""

from __future__ import annotations

import pytest

from authmethods.models import AuthenticationMethod
from fakezoho.limits import EDITIONS
from interactions.models import Delivery, DeliveryState
from interactions.queue import recovery
from tests.interactions.promise import assert_exactly_once, done, post
from tests.interactions.steps import pass_time
from tests.interactions.workers import Worker, until

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def workers(centres, django_db_setup, valkey, tmp_path):
    """Two workers of six processes each."""
    running = [Worker(centres, tmp_path / f"log-{number}", concurrency=6) for number in range(2)]
    for worker in running:
        worker.start()
    yield running
    for worker in running:
        worker.stop()


@pytest.mark.parametrize("edition", ["FREE", "EXPRESS", "PROFESSIONAL", "ENTERPRISE"])
def test_workers_that_die_and_come_back_never_ask_more_at_once_than_the_edition_allows(acme, workers, edition):
    AuthenticationMethod.objects.update(edition=edition)
    acme.stand_in.set_knobs(edition=edition, latency=0.1)
    limit = EDITIONS[edition][2]
    since = acme.stand_in.journal()[-1]["number"]
    post(60)
    until(lambda: delivered() >= 15, 60)
    workers[0].kill()
    pass_time(150)  # for the deliveries; the places of the dead stay taken at Zoho's pace until their leases end
    workers[0].start()
    until(finished, 150, every=0.5)
    assert_exactly_once(acme, 60)
    asked = [entry for entry in acme.stand_in.journal(since) if entry["path"].startswith("/api/v1/")]
    assert 429 not in {entry["status"] for entry in asked}
    assert 1 < max(entry["at_once"] for entry in asked) <= limit


def delivered() -> int:
    return Delivery.objects.filter(state=DeliveryState.DELIVERED).count()


def finished() -> bool:
    """Sweep as beat does, and let time pass whenever nothing is under way, until all is delivered."""
    if not Delivery.objects.filter(state=DeliveryState.SENDING).exists():
        pass_time(15)
    recovery.sweep()
    return done()
