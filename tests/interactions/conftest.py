"""A connection with its CRM and one rule: one with a vendor in memory, one with the stand-in over HTTP."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from crm.models import Assignment, OnNone
from integrations import registry
from integrations.zoho_desk.assumptions import assumed
from interactions.models import Delivery
from interactions.queue import wakeup
from tests.interactions import promise
from tests.interactions.steps import make_crm, make_method
from tests.interactions.vendor import build
from tests.interactions.workers import Beat, Worker

SETTLE_SECONDS = 30
"""The stand-in shows what is written after a second at most."""


@pytest.fixture
def vendor(monkeypatch):
    monkeypatch.setitem(registry.INTEGRATIONS, "memory", ("Memory", "tests.interactions.vendor.build"))
    registry.get.cache_clear()
    memory = build()
    memory.reset()
    yield memory
    registry.get.cache_clear()


@pytest.fixture
def method(db, vendor):
    return make_method()


@pytest.fixture
def crm(method):
    return make_crm(method, on_none=OnNone.CREATE)


@pytest.fixture
def rule(crm):
    return Assignment.objects.get(target__crm=crm)


@pytest.fixture
def only():
    """The only delivery, as it is now."""
    return lambda: Delivery.objects.select_related("interaction").get()


@pytest.fixture(scope="session")
def centres(stand_in, tmp_path_factory):
    path = tmp_path_factory.mktemp("engine") / "datacentres.json"
    path.write_text(json.dumps({**stand_in.datacentres(), "assumed": {"settle_seconds": SETTLE_SECONDS}}))
    return path


@pytest.fixture
def acme(zoho, ada, monkeypatch):
    monkeypatch.setattr(assumed, "settle_seconds", SETTLE_SECONDS)
    promise.make_crm(zoho.method("acme", by=ada), "acme")
    return zoho


@pytest.fixture
def maker(ada):
    """Ada's browser."""
    browser = Client()
    browser.force_login(ada)
    return browser


@pytest.fixture(autouse=True)
def _hearing():
    """Whatever a test did to the broker, the next one rings at once."""
    wakeup._BrokerAway.until = 0.0
    yield
    wakeup._BrokerAway.until = 0.0


@pytest.fixture
def beat(centres, valkey, tmp_path):
    """A beat that is not started yet."""
    running = Beat(centres, tmp_path)
    yield running
    running.kill()


@pytest.fixture
def worker(centres, valkey, tmp_path):
    """A worker that is not started yet."""
    running = Worker(centres, tmp_path / "worker.log")
    yield running
    running.kill()
