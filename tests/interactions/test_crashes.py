"""A worker dies at each point where it hurts, and many claim at once: without any other worker about."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest
from django.db import connection
from django.utils import timezone

from authmethods.models import StoredGrant
from interactions.actions import changes
from interactions.api.schemas import InteractionChange
from interactions.models import Delivery, DeliveryState, Interaction
from interactions.queue.claim import take
from tests.interactions.promise import assert_exactly_once, done, merge_away, post
from tests.interactions.steps import settle
from tests.interactions.workers import ROOT, environment

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

DEATHS = (
    "after the claim", "in a refresh, before the request", "in a refresh, after the answer", "before the send",
    "after the contact was made", "after the contact was found gone", "after the send, before the record",
    "while recording", "after the record", "after an update was sent",
)  # fmt: skip
"""See `crash`."""


@pytest.mark.parametrize("point", DEATHS)
def test_a_worker_that_dies_at_any_point_loses_and_doubles_nothing(acme, centres, point):
    post(2, customers=1)
    if "update" in point:
        settle(rounds=2)
        for interaction in Interaction.objects.all():
            changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    if "gone" in point:
        settle(rounds=2)
        merge_away(acme, "+33612990000")
        post(2, customers=1, start=2)
    if "refresh" in point:
        StoredGrant.objects.update(expires_at=timezone.now())
    dead = subprocess.run(
        [sys.executable, "-m", "tests.interactions.crash", point], cwd=ROOT, env=environment(centres), check=False
    )
    assert dead.returncode == -signal.SIGKILL
    assert Delivery.objects.filter(state=DeliveryState.SENDING).exists() or point == "after the record"
    StoredGrant.objects.update(lease_expires_at=timezone.now())  # of the grant: `settle` lets only deliveries wait
    settle(rounds=10)
    assert done()
    assert_exactly_once(acme, Delivery.objects.count())
    contacts = acme.stand_in.records("eu", "acme", "contacts")
    (contact,) = [record["id"] for record in contacts if record["phone"] == "+33612990000"]
    calls = acme.stand_in.records("eu", "acme", "calls")
    assert {call["contactId"] for call in calls if "[DL-" in call["subject"]} == {contact}


def test_many_workers_claim_each_delivery_once(acme):
    post(500)
    method_id = Delivery.objects.values_list("method_id", flat=True)[0]
    taken: list[int] = []

    def claim():
        while claims := take(method_id, 7):
            taken.extend(claim.id for claim in claims)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 500
    assert len(set(taken)) == 500
