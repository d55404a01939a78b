"""Whatever happens at whatever point of a batch: each of its deliveries is one record, however late lists show it.

`make crash-matrix` walks all cells and prints them as a table; here are some of them, drawn by CRASH_SEED.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from redis import Redis, RedisError

from integrations.zoho_desk.assumptions import assumed
from interactions.actions import changes
from interactions.api.schemas import InteractionChange
from interactions.models import Delivery, DeliveryState, Interaction
from interactions.queue import recovery
from tests.interactions import database
from tests.interactions.matrix import cells
from tests.interactions.promise import done, post
from tests.interactions.workers import Worker, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file: nothing restarts."),
]

SEED = int(os.environ.get("CRASH_SEED", "8"))
COLUMN, NOTES = os.environ.get("CRASH_COLUMN", ""), os.environ.get("CRASH_NOTES", "")
"""Of `make crash-matrix`: the lag whose cells are walked, and the file where their outcomes are noted."""
WALKED = [cell for cell in cells.ALL if cell.lag == COLUMN] if COLUMN else cells.some(SEED)
CHANGED = "https://pbx.example/later.mp3"
MARKER = re.compile(r"\[(DL-[a-z0-9]+)\]$")


@pytest.fixture(scope="module")
def traps(tmp_path_factory):
    directory = tmp_path_factory.mktemp("traps")
    (directory / cells.MET).mkdir()
    return directory


@pytest.fixture(scope="module")
def worker(centres, django_db_setup, valkey, traps, tmp_path_factory):
    cells.put_file(traps / cells.SETTLE, "0")
    log = tmp_path_factory.mktemp("worker") / "log"
    running = Worker(centres, log, app="tests.interactions.matrix.worker", TRAPS=str(traps))
    running.start()
    yield running
    running.kill()


def swept() -> None:
    """As beat does it: nothing that is away stops it."""
    try:
        recovery.sweep()
    except (DatabaseError, RedisError):
        connection.close()


def wait(holds, seconds):
    def then():
        swept()
        return holds()

    until(then, seconds, every=0.2)


def happen(cell, acme, worker, valkey, traps):
    """What the worker does not do to itself."""
    match cell.fault:
        case "worker killed":
            worker.kill()
            worker.start()
        case "broker restarted":
            valkey.stop()
            valkey.start()
        case "Redis flushed":
            Redis.from_url(settings.REDIS_URL).flushall()
        case "PostgreSQL restarted":
            database.restart()
        case "Zoho gone":
            acme.stand_in.fault("drop_before", count=-1)
    (traps / cells.MET / cell.point).unlink()
    if cell.fault == "Zoho gone":
        end = time.monotonic() + cells.GONE_SECONDS / cells.FASTER
        wait(lambda: time.monotonic() >= end, 60)
        acme.stand_in.do(acme.stand_in.world.faults.clear)


def outcome(acme, cell) -> str:
    """By the records of the stand-in; what is not delivered is named, too."""
    calls = acme.stand_in.records("eu", "acme", "calls")
    held = Counter(found[1] for call in calls if (found := MARKER.search(call["subject"])))
    if cell.point == "during an update":
        changed = sum(CHANGED in json.dumps(call, default=str) for call in calls)
    else:
        changed = cells.BATCH
    mine = Delivery.objects.exclude(interaction__reference="ref-0")
    there = sum(held[marker] > 0 for marker in mine.values_list("marker", flat=True))
    doubles = sum(count - 1 for count in held.values())
    told = f"{min(there, changed)}/{cells.BATCH}, {doubles} double"
    left = Counter(mine.exclude(state=DeliveryState.DELIVERED).values_list("state", flat=True))
    return told + "".join(f", {count} {state}" for state, count in left.items())


@pytest.fixture
def walk(acme, worker, valkey, traps, monkeypatch):
    """Gives what came of a cell."""

    def walked(cell: cells.Cell, settle_seconds: float) -> str:
        cells.hurry(monkeypatch.setattr)
        monkeypatch.setattr(assumed, "settle_seconds", settle_seconds)
        cells.put_file(traps / cells.SETTLE, str(settle_seconds))
        for point in cells.POINTS:  # of a cell that failed
            (traps / point).unlink(missing_ok=True)
            (traps / cells.MET / point).unlink(missing_ok=True)
        post(1, customers=1)  # whose contact is known from now on
        wait(done, 60)
        acme.stand_in.set_knobs(list_lag=cell.lag_seconds, search_lag=cell.lag_seconds, latency_jitter=0.1)
        if cell.point == "during a look":
            acme.stand_in.fault("lost_answer", "POST", "/api/v1/calls", count=cells.BATCH)
        if cell.point != "during an update":
            cells.put_file(traps / cell.point, cell.fault)
        with transaction.atomic():  # so that one batch takes them all
            post(cells.BATCH, customers=1, start=1)
        if cell.point == "during an update":
            wait(done, 60)
            cells.put_file(traps / cell.point, cell.fault)
            with transaction.atomic():
                for interaction in Interaction.objects.exclude(reference="ref-0"):
                    changes.change(interaction, InteractionChange(recording_url=CHANGED))
        wait((traps / cells.MET / cell.point).exists, 30)
        happen(cell, acme, worker, valkey, traps)
        with suppress(AssertionError):  # then the outcome says what is missing
            wait(done, 60 + 2 * settle_seconds)
        return outcome(acme, cell)

    return walked


@pytest.mark.parametrize("cell", WALKED, ids=[", ".join(cell) for cell in WALKED])
def test_a_fault_at_any_point_loses_and_doubles_nothing(walk, cell):
    told = walk(cell, cell.settle_seconds)
    if NOTES:
        with Path(NOTES).open("a") as notes:
            notes.write(json.dumps([*cell, told]) + "\n")
    assert told == cells.GOOD


def test_where_nobody_waits_for_a_late_list_the_matrix_shows_doubles(walk):
    """Else it would prove nothing."""
    told = walk(cells.Cell("sent, not answered", "worker killed", "10 min"), 0.0)
    assert int(told.split()[1]) > 0
