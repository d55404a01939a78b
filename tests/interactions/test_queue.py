"""Whoever can write into Redis writes into the queue too: a real worker goes on delivering, whatever stands there."""

from __future__ import annotations

import base64
import json
import pickle
import re
import uuid
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from celery import current_app
from django.conf import settings
from django.test import Client
from redis import Redis

from interactions.queue import recovery
from tests.interactions.promise import assert_exactly_once, done, post
from tests.interactions.workers import Worker, until

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]

QUEUE = "celery"
IN_AN_HOUR = datetime.now(UTC) + timedelta(hours=1)
DRAIN, SWEEP = "interactions.drain", "interactions.sweep"


def message(task=DRAIN, args=(None,), kwargs=None, *, embed=None, headers=None, properties=None, **more):
    """As Celery writes one, but for what a test makes of it."""
    number = str(uuid.uuid4())
    body = base64.b64encode(json.dumps([args, kwargs or {}, embed or {}]).encode()).decode()
    told = {
        "body": body,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": task, "id": number} | (headers or {}),
        "properties": {
            "correlation_id": number,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid.uuid4()),
        }
        | (properties or {}),
    }
    return json.dumps(told | more)


JUNK = {
    "no JSON": "not json",
    "nothing": "",
    "no text": b"\xff\x00\xfe",
    "a pickle": pickle.dumps({"body": 1}),
    "JSON of another shape": "[1, 2]",
    "a number": "1",
    "null": "null",
    "an empty object": "{}",
    "deep nesting": "[" * 20_000,
    "a number of many digits": "9" * 10_000,
    "no headers": json.dumps({"body": "", "properties": {}}),
    "headers that are none": json.dumps({"body": "", "headers": 7, "properties": 7}),
    "no delivery tag": json.dumps(json.loads(message()) | {"properties": {}}),
    "a tag that is a list": message(properties={"delivery_tag": [1]}, args=["x"]),
    "an unknown task": message("os.system", ["true"]),
    "a task that is a list": message(headers={"task": ["interactions.drain"]}),
    "a task of Celery's own": message("celery.map", [{"task": DRAIN}, [[1]]]),
    "too many arguments": message(args=[1, 2, 3]),
    "no argument": message(args=[]),
    "an argument of another type": message(args=[{"a": 1}]),
    "a text for a number": message(args=["1 OR 1=1"]),
    "a truth for a number": message(args=[True]),
    "a number that no row has": message(args=[2**63]),
    "arguments by name": message(args=[], kwargs={"method": 1}),
    "arguments that are no list": message(args="abc"),
    "a sweep with arguments": message(SWEEP, [1]),
    "a huge one": message(SWEEP, [], headers={"argsrepr": "x" * 5_000_000}),
    "another content type": message(**{"content-type": "application/x-python-serialize"}),
    "no such encoding": message(**{"content-encoding": "rot13"}),
    "a body that is not base64": message(body="***"),
    "a body that is a number": message(body=5),
    "a compressed one": message(headers={"compression": "application/x-gzip"}, body="AAAA"),
    "much too late": message(headers={"eta": "9999-12-31T23:59:59+00:00"}),
    "a time that is none": message(headers={"eta": "tomorrow"}),
    "an end that is none": message(headers={"expires": "never"}),
    "an end beyond the calendar": message(headers={"expires": "9999-12-31T23:59:59-23:59"}),
    "an end without a zone": message(headers={"expires": "2026-11-26T10:00:00"}),
    "an end that is a list": message(headers={"expires": [1]}),
    "an id that is none": message(headers={"id": {"a": 1}}),
    "an id with a line break": message(headers={"id": "x\nERROR forged: line"}),
}
TAKEN = {
    "an end as few write it": message(SWEEP, [], headers={"expires": f"{IN_AN_HOUR:%Y-%m-%dT%H:%M:%S}+00:00:30.5"}),
    "priority that is none": message(SWEEP, [], properties={"priority": "high"}),
    "time limits that are none": message(SWEEP, [], headers={"timelimit": ["a", -1]}),
    "another name in the log": message(SWEEP, [], headers={"shadow": "x\nERROR forged: line"}),
    "callbacks": message(SWEEP, [], embed={"callbacks": [{"task": "os.system"}], "chain": [7], "chord": 3}),
    "an answer to somebody": message(SWEEP, [], properties={"reply_to": "elsewhere", "correlation_id": [1]}),
}
"""Ours in all that counts: what else they say is not heeded."""


@pytest.fixture(scope="module")
def worker(centres, django_db_setup, valkey, tmp_path_factory):
    """One for all of this module, which starts in a Redis that somebody has been at."""
    running = Worker(centres, tmp_path_factory.mktemp("worker") / "log")
    server = Redis.from_url(settings.REDIS_URL)
    server.flushall()
    server.hset(QUEUE, "a", "b")
    server.set("_kombu.binding.celery", "junk")
    server.set("unacked", "junk")
    server.zadd("unacked_index", {"junk": 1})
    running.start()
    running.at_start = running.main().pid  # type: ignore[attr-defined]
    yield running
    running.stop()


@pytest.fixture
def redis():
    return Redis.from_url(settings.REDIS_URL)


def dropped():
    settings.METRICS_TOKEN = "a-token"
    page = Client().get("/metrics", headers={"Authorization": "Bearer a-token"}).content.decode()
    found = re.search(r"^deskline_queue_junk_total (\S+)$", page, re.M)
    assert found
    return float(found[1])


def assert_it_delivers(acme, worker, count=3):
    """The very worker that was started; what the sweep finds is rung for as ever."""

    def swept():
        recovery.sweep()
        return done()

    post(count, customers=count)
    until(swept, 30, every=0.5)
    assert_exactly_once(acme, count)
    assert worker.main().pid == worker.at_start
    assert worker.main().status() != psutil.STATUS_ZOMBIE


def test_a_worker_starts_in_a_redis_whose_keys_somebody_else_wrote(acme, worker):
    assert_it_delivers(acme, worker)


def test_no_junk_in_the_queue_ends_a_worker_or_keeps_it_from_delivering(acme, worker, redis, settings):
    began, before = len(worker.log), dropped()
    for text in (*JUNK.values(), *TAKEN.values()):
        redis.lpush(QUEUE, text)
    until(lambda: not redis.llen(QUEUE))
    assert_it_delivers(acme, worker)
    assert dropped() - before == len(JUNK)
    told = worker.log[began:]
    assert "Traceback" not in told
    assert "forged" not in told
    assert 1 <= worker.log.count("did not write") <= 2  # at once, then at most once a minute


@pytest.mark.parametrize("kind", ["string", "hash", "set", "zset", "stream"])
def test_a_queue_of_another_type_is_dropped(acme, worker, redis, kind):
    write = {
        "string": lambda: redis.set(QUEUE, "junk"),
        "hash": lambda: redis.hset(QUEUE, "a", "b"),
        "set": lambda: redis.sadd(QUEUE, "a"),
        "zset": lambda: redis.zadd(QUEUE, {"a": 1}),
        "stream": lambda: redis.xadd(QUEUE, {"a": "b"}),
    }[kind]
    redis.delete(QUEUE)
    write()
    assert_it_delivers(acme, worker)


def test_no_other_key_of_the_broker_matters(acme, worker, redis):
    for key in ("_kombu.binding.celery", "_kombu.binding.celery.pidbox", "_kombu.binding.celeryev"):
        redis.delete(key)
        redis.sadd(key, "junk", "celery\x06\x16\x06\x16elsewhere")
    redis.delete("unacked", "unacked_index", "unacked_mutex")
    redis.hset("unacked", "junk", "not json")
    redis.zadd("unacked_index", {"junk": 1, "celery": 2})
    redis.set("unacked_mutex", "held for ever")
    for step in (3, 6, 9):
        redis.lpush(f"{QUEUE}\x06\x16{step}", "not json")
    assert_it_delivers(acme, worker)


def test_nobody_controls_a_worker_from_afar(acme, worker, redis):
    control = current_app.control
    assert not control.inspect(timeout=1).conf()
    control.cancel_consumer(QUEUE)
    control.rate_limit(DRAIN, "1/h")
    control.time_limit(DRAIN, soft=0.001, hard=0.002)
    control.pool_shrink(2)
    control.shutdown()
    redis.publish("/0.celery.pidbox", "not json")
    redis.publish("/0.celeryev/worker.heartbeat", "not json")
    assert_it_delivers(acme, worker)
    assert "pidbox" not in worker.log
