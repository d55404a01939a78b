from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authmethods.models import AuthenticationMethod, Status
from config import database
from crm.vocabulary import Direction, Flow
from interactions.models import Delivery, DeliveryState, Interaction

pytestmark = pytest.mark.django_db
TOKEN = "a-token-for-the-figures"


@pytest.fixture
def token(settings) -> dict[str, str]:
    settings.METRICS_TOKEN = TOKEN
    return {"Authorization": f"Bearer {TOKEN}"}


def _delivery(number: int, state: str) -> Delivery:
    interaction = Interaction.objects.create(
        source="pbx",
        reference=f"call-{number}",
        flow=Flow.VOICE,
        direction=Direction.INBOUND,
        started_at="2026-11-01T08:00:00Z",
    )
    return Delivery.objects.create(interaction=interaction, state=state, marker=f"marker-{number}")


def _figures(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(deskline_\S+) (\S+)$", text, re.M)}


def test_deliveries_and_methods_are_counted_by_state(client, token):
    for number, state in enumerate(["pending", "dead", "dead"]):
        _delivery(number, state)
    AuthenticationMethod.objects.create(name="A", client_id="1", status=Status.NEEDS_RECONNECTION)
    figures = _figures(client.get("/metrics", headers=token).content.decode())
    assert figures['deskline_deliveries{state="dead"}'] == 2
    assert figures['deskline_deliveries{state="pending"}'] == 1
    assert figures['deskline_deliveries{state="delivered"}'] == 0
    assert figures['deskline_methods{status="needs_reconnection"}'] == 1


def test_the_age_is_that_of_the_oldest_delivery_under_way(client, token):
    for number, state in enumerate([DeliveryState.UNKNOWN, DeliveryState.PENDING, DeliveryState.DEAD]):
        delivery = _delivery(number, state)
        Delivery.objects.filter(pk=delivery.pk).update(created_at=f"2026-11-0{3 - number}T00:00:00Z")
    Delivery.objects.filter(state=DeliveryState.PENDING).move(state=DeliveryState.DELIVERED)
    before = _figures(client.get("/metrics", headers=token).content.decode())["deskline_oldest_unsettled_seconds"]
    Delivery.objects.filter(state=DeliveryState.UNKNOWN).move(state=DeliveryState.DELIVERED)
    after = _figures(client.get("/metrics", headers=token).content.decode())["deskline_oldest_unsettled_seconds"]
    assert before > 0
    assert after == 0


def test_whether_redis_is_there_is_a_figure(client, token, request):
    def up():
        return _figures(client.get("/metrics", headers=token).content.decode())["deskline_redis_up"]

    assert up() == 1
    request.getfixturevalue("without_redis")
    assert up() == 0


def test_the_queries_do_not_grow_with_the_rows(client, token, monkeypatch):
    monkeypatch.setattr(database, "PROOF_SECONDS", 3600.0)
    _delivery(0, "pending")
    client.get("/metrics", headers=token)  # proves that the database can be written
    with CaptureQueriesContext(connection) as few:
        client.get("/metrics", headers=token)
    for number in range(1, 20):
        _delivery(number, "pending")
    with CaptureQueriesContext(connection) as many:
        client.get("/metrics", headers=token)
    assert len(many) == len(few) < 13


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN, f"bearer {TOKEN}"])
def test_nobody_reads_the_figures_without_the_token(client, token, given):
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert b"deskline_" not in answer.content


def test_loopback_alone_opens_nothing(client, settings):
    """A proxy on this machine makes every stranger look local."""
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
