"""A real worker and an agent at the same unknown caller: whoever is faster, what was typed is in Zoho, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from crm.models import CRMObject
from interactions.models import Delivery, Interaction
from tests.banner.conftest import Arrive
from tests.banner.steps import end, new_form, part, people, send
from tests.banner.test_zoho import NOBODY
from tests.interactions.workers import Worker, until
from tests.zoho import Zoho

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def worker(zoho: Zoho, tmp_path: Path) -> Iterator[Worker]:
    centres = tmp_path / "centres.json"
    centres.write_text(json.dumps({**zoho.stand_in.datacentres(), "assumed": {"settle_seconds": 5}}))
    running = Worker(centres, tmp_path / "worker.log")
    running.start()
    yield running
    running.stop()


def visits(zoho: Zoho) -> int:
    """How often the worker has looked for the customer."""
    return len(zoho.asked("/contacts/search"))


def state() -> str:
    return Delivery.objects.values_list("state", flat=True).get()


def test_a_worker_waits_for_the_form_and_goes_on_when_it_is_saved_and_what_comes_late_is_added(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho, worker: Worker
) -> None:
    call: Interaction = arrive("first", customer_phone=NOBODY, customer_name="")
    path, sent = new_form(page, desk.crm, call)
    held = {"token": sent["token"]}
    page.post(f"{part(call, desk.crm)}form/", held)
    before = visits(zoho)
    end(call)
    until(lambda: visits(zoho) > before and state() == "pending")
    assert people(zoho, phone=NOBODY) == []
    assert "Saved in Acme Desk." in send(page, path, **sent | {"lastName": "Newman"})
    until(lambda: state() == "delivered")
    (card,) = people(zoho, phone=NOBODY)
    assert card["lastName"] == "Newman"

    other = "+33199001133"
    late = arrive("second", customer_phone=other, customer_name="")
    path, sent = new_form(page, desk.crm, late)
    end(late)
    until(lambda: not Delivery.objects.exclude(state="delivered").exists())
    assert people(zoho, phone=other)[0]["lastName"] == other
    assert "Saved in Acme Desk." in send(page, path, **sent | {"lastName": "Latecomer"})
    (card,) = people(zoho, phone=other)
    assert card["lastName"] == "Latecomer"
