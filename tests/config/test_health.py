from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from config import health
from crm.vocabulary import Direction, Flow
from interactions.models import Attempt, Delivery, Interaction
from interactions.worker import heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch):
    """As a process begins."""
    monkeypatch.setattr(health, "_log", health.ReadinessLog())


@pytest.fixture
def said(caplog):
    """The lines of the log about readiness, by whichever logger."""
    caplog.set_level(logging.INFO)
    request_log = logging.getLogger("django.request")
    request_log.addHandler(caplog.handler)  # it does not propagate
    yield lambda: [(record.levelname, record.getMessage()) for record in caplog.records]
    request_log.removeHandler(caplog.handler)


def test_the_server_is_alive_whatever_else_is_broken(client, valkey):
    with mock.patch.object(BaseDatabaseWrapper, "cursor", side_effect=DatabaseError):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_all_is_ready_once_a_worker_has_worked(client):
    heartbeat.beat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "not_ready": []})


def test_a_worker_that_was_never_seen_is_named(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["not_ready"]) == (503, ["worker"])


def test_a_worker_that_fell_silent_is_named(client):
    heartbeat.beat()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        answer = client.get("/readyz")
    assert answer.json()["not_ready"] == ["worker"]


def test_redis_that_does_not_answer_is_named_without_its_address(client, without_redis):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["not_ready"] == ["redis", "worker"]
    assert b"secret" not in answer.content
    assert b"127.0.0.1" not in answer.content


def overdue():
    interaction = Interaction.objects.create(
        source="pbx", reference="r1", flow=Flow.VOICE, direction=Direction.INBOUND, started_at=timezone.now()
    )
    return Delivery.objects.create(
        interaction=interaction, marker="m1", next_attempt_at=timezone.now() - timedelta(minutes=5)
    )


def test_without_redis_it_says_whether_deliveries_go_on(client, without_redis):
    assert client.get("/readyz").json()["deliveries"] == "slow"
    delivery = overdue()
    assert client.get("/readyz").json()["deliveries"] == "stopped"
    attempt = Attempt.objects.create(delivery=delivery, kind=Attempt.Kind.LOOK)
    assert client.get("/readyz").json()["deliveries"] == "slow"
    Attempt.objects.filter(pk=attempt.pk).update(started_at=timezone.now() - timedelta(minutes=5))
    assert client.get("/readyz").json()["deliveries"] == "stopped"


def test_with_redis_it_says_nothing_of_deliveries(client):
    assert "deliveries" not in client.get("/readyz").json()


def test_a_database_that_does_not_answer_is_named(client):
    heartbeat.beat()
    with mock.patch.object(BaseDatabaseWrapper, "cursor", side_effect=DatabaseError("password of the database")):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["not_ready"]) == (503, ["database"])
    assert b"password" not in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_answers_are_never_kept_and_nothing_is_posted(client, path):
    assert "no-store" in client.get(path).headers["Cache-Control"]
    assert client.post(path).status_code == 405


def test_a_state_is_logged_once_however_often_it_is_asked(client, said):
    for _poll in range(3):
        client.get("/readyz")
    assert said() == [("WARNING", "Not ready: worker. See /readyz.")]
    heartbeat.beat()
    for _poll in range(3):
        client.get("/readyz")
    assert said()[1:] == [("INFO", "Ready again.")]


def test_a_start_that_is_ready_says_nothing(client, said):
    heartbeat.beat()
    client.get("/readyz")
    assert said() == []
