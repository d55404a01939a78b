"""A connection where something is due and nothing is begun: it is named, and nothing else is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from authmethods.models import AuthenticationMethod, Status
from crm.models import Kind as CRMKind
from integrations.errors import NotSent, Throttled
from interactions.delivery import deliver
from interactions.models import Delivery, DeliveryState
from interactions.queue import claim
from interactions.worker import fallback, heartbeat
from tests.interactions.steps import make_crm, make_method, pass_time, post, work
from tests.interactions.workers import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _seen():
    """A worker lives; this is not about it."""
    heartbeat.beat()


def named(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200  # for the whole installation only, never for one connection
    return answer.json().get("stalled", [])


def test_a_connection_with_something_due_and_nothing_begun_for_half_a_minute_is_named(client, crm):
    post()
    assert named(client) == []
    pass_time(20)
    assert named(client) == []
    pass_time(20)
    assert named(client) == [crm.method_id]


def test_strangers_read_its_number_and_nothing_else(client, crm):
    AuthenticationMethod.objects.update(name="Secret customer", client_id="1000.SECRET", organisation_name="Acme")
    post()
    pass_time(40)
    told = client.get("/readyz").content.decode()
    assert "stalled" in told
    assert not re.search("secret|acme|memory", told, re.I)


def test_one_connection_is_not_taken_for_another(client, crm, vendor):
    make_crm(make_method("Other"), "other")
    post()
    pass_time(40)
    work(crm.method_id)
    assert named(client) == [AuthenticationMethod.objects.get(name="Other").pk]


def test_cards_kept_here_are_one_too(client, db, vendor):
    make_crm(None, "here", kind=CRMKind.LOCAL)
    post()
    pass_time(40)
    assert named(client) == ["local"]


def test_one_where_something_was_begun_lately_does_not_stand_still(client, crm, vendor):
    vendor.fail("find", NotSent("No connection."))
    post("r1")
    post("r2")
    pass_time(40)
    (first,) = claim.take(crm.method_id, 1)
    deliver.deliver(first)
    assert Delivery.objects.get(interaction__reference="r2").state == DeliveryState.PENDING
    assert named(client) == []
    pass_time(35)
    assert named(client) == [crm.method_id]


def test_it_is_named_for_as_long_as_beat_alone_delivers_there(client, crm, vendor, monkeypatch):
    """Or the operator would hardly ever read of it: beat is quick, and nothing is overdue any more."""
    monkeypatch.setattr(fallback, "WATCH_SECONDS", 0.0)
    post("r1")
    pass_time(40)
    beat = fallback.Fallback()

    def delivered():
        beat.work(0.05)
        return Delivery.objects.filter(state=DeliveryState.DELIVERED).exists()

    until(delivered)
    assert named(client) == [crm.method_id]
    post("r2")
    work(crm.method_id)
    assert named(client) == []


def test_a_throttled_one_does_not(client, crm, vendor):
    vendor.fail("find", Throttled("Wait.", until=datetime.now(UTC) + timedelta(hours=1)))
    post()
    work()
    pass_time(50)
    assert named(client) == []


@pytest.mark.parametrize("status", [Status.DISABLED, Status.NEEDS_RECONNECTION])
def test_one_that_is_not_enabled_does_not(client, crm, status):
    post()
    AuthenticationMethod.objects.update(status=status)
    pass_time(40)
    assert named(client) == []


def test_claims_of_a_worker_that_is_gone_are_work_that_stands_still(client, crm):
    post()
    claim.take(crm.method_id)
    pass_time(50)
    assert named(client) == []
    pass_time(50)
    assert named(client) == [crm.method_id]


def test_whoever_holds_the_token_reads_which_and_how_late(client, crm, settings):
    settings.METRICS_TOKEN = "a-token"

    def figures():
        page = client.get("/metrics", headers={"Authorization": "Bearer a-token"}).content.decode()
        return {name: float(value) for name, value in re.findall(r"^(deskline_connection_\S+) (\S+)$", page, re.M)}

    label = f'method="{crm.method_id}",name="Memory"'
    assert figures()["deskline_connection_stalled{" + label + "}"] == 0
    post()
    pass_time(40)
    assert figures()["deskline_connection_stalled{" + label + "}"] == 1
    assert 40 <= figures()["deskline_connection_due_seconds{" + label + "}"] < 80
    assert figures()['deskline_connection_stalled{method="local",name=""}'] == 0


def test_the_first_page_of_the_maker_names_it(client, ada, crm):
    client.force_login(ada)
    post()
    assert "No worker began" not in client.get("/maker/").content.decode()
    pass_time(40)
    page = client.get("/maker/").content.decode()
    assert re.search(r"No worker began [^<]*Memory", page)
    assert f"method__id__exact={crm.method_id}" in page
