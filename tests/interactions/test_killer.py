"""A delivery that kills each worker which tries it: it ends alone, and takes nobody with it."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from authmethods.models import AuthenticationMethod
from interactions.actions.accept import accept
from interactions.models import Delivery, DeliveryState
from interactions.queue import recovery
from tests.interactions.promise import done, make_crm, post
from tests.interactions.steps import pass_time, told
from tests.interactions.workers import Worker, until

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def acme(zoho, ada):
    make_crm(zoho.method("acme", by=ada), "acme")
    return zoho


WHY = {
    "while it is prepared": ("internal", "Its worker ended each time it was tried."),
    "while it is sent": ("unknown", "Sent many times; no answer came and no record appeared."),
}


@pytest.mark.parametrize("step", WHY)
def test_of_twenty_deliveries_the_one_that_kills_its_workers_ends_alone(acme, centres, tmp_path, monkeypatch, step):
    monkeypatch.setenv("KILLS", step)
    worker = Worker(centres, tmp_path / "log", concurrency=1, app="tests.interactions.killing")
    post(3, customers=1)  # so that the batch is one of known customers
    worker.start()
    try:
        until(_delivered, 30, every=0.3)
        post(10, customers=1, start=3)
        accept("pbx", told("killer", customer_phone="+33612990000", customer_name="Customer 0", subject="killer"))
        post(9, customers=1, start=13)
        until(_ended, 100, every=0.5)
    finally:
        worker.kill()
    killer = Delivery.objects.get(interaction__reference="killer")
    kind, reason = WHY[step]
    assert (killer.state, killer.error_kind) == (DeliveryState.DEAD, kind)
    assert killer.reason.startswith(reason)
    assert set(killer.attempts.values_list("outcome", flat=True)) <= {"interrupted", "absent", "prepared", "unknown"}
    others = Delivery.objects.exclude(pk=killer.pk)
    assert set(others.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    assert others.count() == 22
    calls = [call for call in acme.stand_in.records("eu", "acme", "calls") if "[DL-" in call["subject"]]
    assert len(calls) == 22


def _delivered() -> bool:
    recovery.sweep()
    return done()


def _ended() -> bool:
    """Let the leases of dead workers end, their place and their wake-up too, and the times between attempts pass."""
    pass_time(20 if Delivery.objects.filter(state=DeliveryState.SENDING).exists() else 90_000)
    ids = AuthenticationMethod.objects.values_list("pk", flat=True)
    cache.delete_many(f"interactions:{what}:{pk}" for pk in ids for what in ("drain", "doorbell"))
    recovery.sweep()
    return not Delivery.objects.exclude(state__in=(DeliveryState.DELIVERED, DeliveryState.DEAD)).exists()
