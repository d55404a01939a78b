"""The promise itself: real workers, the stand-in over HTTP, and whatever dies in between.

The records of the stand-in are the judge: one call for each interaction, no more and no less.
"""

from __future__ import annotations

import json
import time

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis import Redis

from crm.models import CRM, Assignment
from interactions.actions import changes
from interactions.api.schemas import InteractionChange
from interactions.models import Delivery, DeliveryState, Interaction
from interactions.queue import recovery, wakeup
from tests.interactions import database
from tests.interactions.promise import assert_exactly_once, done, make_crm, post
from tests.interactions.steps import pass_time
from tests.interactions.workers import Worker, until

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def worker(centres, django_db_setup, valkey, tmp_path_factory):
    running = Worker(centres, tmp_path_factory.mktemp("worker") / "log")
    running.start()
    yield running
    running.stop()


def finish(seconds=30, zoho=None):
    """Sweep as beat does, and let time pass whenever nothing is under way, until all is delivered.

    For `zoho` it passes first: ours must not seem to have waited for what could not show there yet.
    """

    def swept():
        if not Delivery.objects.filter(state=DeliveryState.SENDING).exists():
            if zoho:
                zoho.stand_in.advance(15)
            pass_time(15)
        recovery.sweep()
        return done()

    until(swept, seconds, every=0.4)


def test_sixty_interactions_arrive_exactly_once_each_on_its_contact(acme, worker):
    post(60)
    finish(40)  # a call whose customer's card another worker was making follows with the sweep
    assert_exactly_once(acme, 60)
    contacts = {record["id"]: record for record in acme.stand_in.records("eu", "acme", "contacts")}
    made = [record for record in contacts.values() if str(record.get("phone") or "").startswith("+336129900")]
    assert sorted(record["phone"] for record in made) == [f"+336129900{number:02d}" for number in range(20)]
    by_id = {record["id"]: record for record in acme.stand_in.records("eu", "acme", "calls")}
    for delivery in Delivery.objects.select_related("interaction"):
        assert contacts[by_id[delivery.remote_id]["contactId"]]["phone"] == delivery.interaction.customer_phone


def test_lost_answers_dropped_requests_and_late_lists_make_nothing_double(acme, worker):
    acme.stand_in.set_knobs(list_lag=20.0, search_lag=600.0)
    acme.stand_in.fault("lost_answer", "POST", "/api/v1/calls", count=5)
    acme.stand_in.fault("502_after", "POST", "/api/v1/calls", count=3)
    acme.stand_in.fault("drop_before", "POST", "/api/v1/calls", count=3)
    acme.stand_in.fault("lost_answer", "POST", "/api/v1/contacts", count=2)
    acme.stand_in.fault("429_concurrency", "POST", "/api/v1/calls", count=2)
    post(25, customers=8)
    finish(60, acme)
    assert_exactly_once(acme, 25)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(acme, worker):
    acme.stand_in.set_knobs(latency=0.05)
    post(40, customers=10)
    until(lambda: Delivery.objects.filter(state=DeliveryState.DELIVERED).count() >= 10, 30)
    worker.kill()
    assert Delivery.objects.filter(state=DeliveryState.SENDING).exists()
    pass_time(150)
    worker.start()
    finish(60)
    assert_exactly_once(acme, 40)


def test_redis_flushed_in_the_middle_loses_nothing(acme, worker):
    acme.stand_in.set_knobs(latency=0.03)
    post(30)
    until(lambda: Delivery.objects.filter(state=DeliveryState.DELIVERED).count() >= 5, 30)
    Redis.from_url(settings.REDIS_URL).flushall()
    finish(40)
    assert_exactly_once(acme, 30)


def test_a_broker_that_restarts_in_the_middle_loses_nothing(acme, worker, valkey):
    acme.stand_in.set_knobs(latency=0.03)
    post(20)
    until(lambda: Delivery.objects.filter(state=DeliveryState.DELIVERED).count() >= 5, 30)
    valkey.stop()
    try:
        post(5, start=100)
        assert not done()
    finally:
        valkey.start()
    finish(60)
    assert_exactly_once(acme, 25)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file: nothing restarts.")
def test_a_database_that_restarts_in_the_middle_loses_nothing(acme, worker):
    acme.stand_in.set_knobs(latency=0.03)
    post(30)
    until(lambda: Delivery.objects.filter(state=DeliveryState.DELIVERED).count() >= 5, 30)
    database.restart()
    assert not done()
    until(standing_still, 30, every=1)
    pass_time(150)
    finish(60)
    assert_exactly_once(acme, 30)


def standing_still():
    """Nothing was written for a second: whoever was in the middle of something has given it up."""
    before = len(Delivery.objects.filter(state=DeliveryState.DELIVERED))
    time.sleep(1)
    return before == len(Delivery.objects.filter(state=DeliveryState.DELIVERED))


def test_a_recording_that_comes_later_updates_the_call(acme, worker):
    post(3, customers=3)
    until(done)
    for interaction in Interaction.objects.all():
        changes.change(interaction, InteractionChange(recording_url=f"https://pbx.example/{interaction.reference}.mp3"))
    until(done)
    assert_exactly_once(acme, 3)
    assert len([entry for entry in acme.stand_in.journal() if entry["method"] == "PATCH"]) == 3
    texts = json.dumps(acme.stand_in.records("eu", "acme", "calls"), default=str)
    assert all(f"https://pbx.example/ref-{number}.mp3" in texts for number in range(3))


def test_a_slow_connection_does_not_starve_another(acme, worker, ada):
    post(12)
    until(done)
    slow = CRM.objects.get(reference="acme")
    Assignment.objects.update(is_active=False)
    fast = make_crm(acme.method("globex", "Globex", by=ada), "globex")
    acme.stand_in.fault("slow", path="/api/v1/calls/1984*", count=-1, seconds=3)  # Acme's records begin so
    for interaction in Interaction.objects.all():
        changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    post(20, start=100)
    until(lambda: not unfinished(fast).exists(), 15)
    assert Delivery.objects.filter(method=fast.method).count() == 20
    assert unfinished(slow).count() >= 4
    acme.stand_in.do(acme.stand_in.world.faults.clear)
    until(done, 20)


def unfinished(crm):
    return Delivery.objects.filter(method=crm.method).exclude(state=DeliveryState.DELIVERED)


def test_a_publish_that_fails_loses_nothing(acme, worker, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(current_app, "send_task", broken)
        before = wakeup.lost._value.get()
        post(5)
        assert wakeup.lost._value.get() > before
    assert not done()
    wakeup._BrokerAway.until = 0.0
    cache.clear()
    recovery.sweep()
    until(done)
    assert_exactly_once(acme, 5)
