"""Whatever somebody writes into Redis under a name of ours is ignored: no page fails, and no worker stops."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis import Redis

from crm.models import CRM
from interactions.models import Delivery
from interactions.worker import concurrency
from tests.interactions.source import CALL, URL, Source

pytestmark = pytest.mark.django_db(transaction=True)

HUGE = 8 * 1024 * 1024
TEXTS = {
    "nothing": b"", "binary": b"\xff\xfe\x00", "no JSON": b"not json", "null": b"null", "list": b"[1]",
    "a list of lists": b"[[1, 2, 3]]", "pairs of odd things": b'[[{}, []], ["a"], 7]', "object": b'{"a": 1}',
    "no number": b"NaN", "beyond all measure": b"1e999", "digits": b"9" * 5000, "a large number": b"9" * 19,
    "below zero": b"-7", "half of a name": b'[["7", "\\ud800"]]',
    "half a character": b'"\\ud800"', "deep": b"[" * 200_000, "huge": b'"' + b"x" * HUGE + b'"',
    "a far day": b'"2999-01-01T00:00:00+00:00"', "a day without a zone": b'"2026-01-01T00:00:00"',
    "the end of days": b'"9999-12-31T23:59:59-14:00"',
}  # fmt: skip
OTHERS = {
    "a list": lambda server, key: server.rpush(key, "x"),
    "a table": lambda server, key: server.hset(key, "a", "b"),
    "a set": lambda server, key: server.sadd(key, "x"),
    "a sorted set": lambda server, key: server.zadd(key, {"x": 10**18}),
    "a stream": lambda server, key: server.xadd(key, {"a": "b"}),
}


@pytest.fixture
def server():
    return Redis.from_url(settings.REDIS_URL)


@pytest.fixture(autouse=True)
def _tasks():
    """A worker imports them when it starts."""
    current_app.loader.import_default_modules()


@pytest.fixture
def each_junk(server):
    """Write each kind of junk under these keys, for ever; the name of the kind goes to the messages."""

    def write(*keys):
        for junk in [*TEXTS, *OTHERS]:
            server.delete("celery", *server.keys(cache.make_key("*")))  # what keeps the pace stays
            for key in keys:
                if junk in TEXTS:
                    server.set(cache.make_key(key), TEXTS[junk])
                else:
                    OTHERS[junk](server, cache.make_key(key))
            yield junk

    return write


@pytest.fixture
def browser(client, ada):
    client.raise_request_exception = False
    client.force_login(ada)
    return client


def task(name, *arguments):
    """What workers are woken for, in this process."""
    current_app.tasks[f"interactions.{name}"](*arguments)


def test_junk_in_place_of_a_sign_of_life_makes_nobody_seem_alive(browser, each_junk):
    for junk in each_junk("interactions:heartbeat", "interactions:swept"):
        assert browser.get("/readyz").json()["not_ready"] == ["worker"], junk
        task("sweep")
        assert browser.get("/readyz").status_code == 200, junk


def test_junk_in_place_of_the_check_of_redis_itself_is_overwritten(browser, each_junk, settings):
    settings.METRICS_TOKEN = "token"
    for junk in each_junk("health"):
        assert browser.get("/readyz").json()["not_ready"] == ["worker"], junk
        page = browser.get("/metrics", headers={"Authorization": "Bearer token"}).content.decode()
        assert "deskline_redis_up 1.0" in page, junk


def test_junk_in_place_of_the_departments_has_them_asked_for_again(browser, each_junk, zoho, ada):
    crm = CRM.objects.create(name="Zoho Desk", reference="zoho", method=zoho.method(by=ada))
    for junk in each_junk(f"crm-departments-{crm.method_id}"):
        page = browser.get(f"/maker/crm/crm/{crm.pk}/change/")
        assert page.status_code == 200, junk
        choices = dict(page.context["adminform"].form.fields["department_id"].choices)
        assert "Sales" in " ".join(map(str, choices.values())), (junk, choices)


def test_junk_in_place_of_a_count_of_wrong_keys_ends_no_counting(client, each_junk):
    client.raise_request_exception = False
    source = Source(client)
    for junk in each_junk("interactions:failed-keys:127.0.0.1"):
        wrong = {"Authorization": "Bearer dk_wrong"}
        statuses = [client.get(f"{URL}/1", headers=wrong).status_code for _try in range(22)]
        assert set(statuses) <= {401, 429}, junk
        assert statuses[-1] == 429, junk
        assert source.post(CALL).status_code in (200, 201), junk


def test_junk_in_place_of_a_wake_up_keeps_no_worker_asleep(client, server, each_junk, crm):
    source = Source(client)
    for number, junk in enumerate(each_junk(f"interactions:doorbell:{crm.method_id}")):
        assert source.post(CALL | {"reference": f"r{number}"}).status_code == 201
        assert server.llen("celery") == 1, junk


def test_junk_in_the_places_of_workers_stops_no_delivery(client, each_junk, crm):
    source = Source(client)
    places = [f"interactions:lane:{crm.method_id}:{number}" for number in range(8)]
    others = [f"interactions:{name}:{crm.method_id}" for name in ("slow", "doorbell")]
    for number, junk in enumerate(each_junk(*places, *others)):
        assert source.post(CALL | {"reference": f"r{number}"}).status_code == 201
        task("drain", crm.method_id)
        assert Delivery.objects.latest("pk").state == "delivered", junk


def test_the_place_that_a_worker_has_stays_its_own(client, crm):
    cache.add(f"interactions:drain:{crm.method_id}", "another", concurrency.LEASE_SECONDS)
    Source(client).post(CALL)
    task("drain", crm.method_id)
    assert Delivery.objects.get().state == "pending"


def test_a_wake_up_of_a_moment_ago_is_not_repeated(client, server, crm):
    source = Source(client)
    for number in range(3):
        source.post(CALL | {"reference": f"r{number}"})
    assert server.llen("celery") == 1


def test_a_sign_of_life_of_a_moment_ago_counts(browser):
    cache.set("interactions:heartbeat", (timezone.now() - timedelta(seconds=5)).isoformat(), 60)
    assert browser.get("/readyz").status_code == 200


def test_every_key_that_we_write_has_its_test_here(browser, server, crm, zoho, ada):
    """All pages and tasks that write keys, and then the keys."""
    desk = CRM.objects.create(name="Zoho Desk", reference="zoho", method=zoho.method(by=ada))
    browser.get("/readyz")
    browser.get(f"/maker/crm/crm/{desk.pk}/change/")
    browser.get(f"{URL}/1", headers={"Authorization": "Bearer dk_wrong"})
    browser.logout()
    browser.post("/maker/login/", {"username": ada.username, "password": "wrong", "next": "/maker/"})
    Source(browser).post(CALL)
    task("sweep")
    task("drain", crm.method_id)
    known = {"interactions:heartbeat", "health", "crm-departments-", "interactions:failed-keys:",
             "interactions:doorbell:", "interactions:swept"}  # fmt: skip
    prefix = cache.make_key("")
    keys = {key.decode().removeprefix(prefix) for key in server.keys(f"{prefix}*")}
    assert {next((name for name in known if key.startswith(name)), key) for key in keys} <= known
    assert "interactions:heartbeat" in keys
