"""A worker whose FERNET_KEYS are wrong ends no delivery: whoever has the right ones delivers."""

from __future__ import annotations

import pytest
from django.conf import settings

from authmethods import presence
from authmethods.models import RunningProcess
from interactions.models import Attempt, Delivery
from interactions.queue import recovery
from tests.interactions.promise import assert_exactly_once, done, post
from tests.interactions.steps import states, work
from tests.interactions.workers import Worker, until

pytestmark = pytest.mark.django_db(transaction=True)
WRONG = "a-wrong-key-of-this-test"


@pytest.mark.engine
def test_beside_a_worker_with_a_wrong_key_everything_is_delivered_by_the_other(acme, centres, valkey, tmp_path):
    wrong = Worker(centres, tmp_path / "wrong.log", FERNET_KEYS=WRONG)
    right = Worker(centres, tmp_path / "right.log")
    wrong.start()
    try:
        post(40, customers=5)
        until(lambda: RunningProcess.objects.exclude(unreadable=[]).exists(), 30)
        recovery.sweep()
        assert set(states()) <= {"pending", "held"}
        assert not Attempt.objects.exists()
        right.start()
        until(lambda: RunningProcess.objects.filter(unreadable=[]).exists(), 30)

        def delivered():
            recovery.sweep()
            return done()

        until(delivered, 60)
    finally:
        wrong.kill()
        right.kill()
    assert_exactly_once(acme, 40)
    assert WRONG not in wrong.log
    assert settings.FERNET_KEYS[0] not in wrong.log


def test_where_nobody_can_open_the_credentials_deliveries_are_held_and_go_on_by_themselves(acme, monkeypatch):
    post(3, customers=1)
    presence.report("worker:1@one")
    RunningProcess.objects.update(unreadable=[Delivery.objects.all()[0].method_id])
    recovery.sweep()
    assert states() == ["held"] * 3
    presence.report("worker:1@one")
    recovery.sweep()
    work()
    assert_exactly_once(acme, 3)
