"""A PostgreSQL that stops, cuts, hangs or is out of connections while somebody asks us something."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import close_old_connections, connection, connections
from django.test import Client

from config import database as bounds
from interactions.models import Interaction
from tests.interactions import database
from tests.interactions.promise import assert_exactly_once, done, post
from tests.interactions.source import CALL, Source
from tests.interactions.workers import Beat, Worker, database_url, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file: nothing stops."),
]


@pytest.fixture
def source(db):
    return Source(Client(raise_request_exception=False))


@contextmanager
def another():
    """A connection of somebody else's."""
    with psycopg.connect(database_url(), autocommit=True) as other:
        yield other


def backend():
    """The process that serves our connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_server_that_stops_is_a_503_and_what_was_posted_is_taken_when_it_is_back(source, caplog):
    caplog.set_level(logging.INFO)
    with database.stopped():
        for number in range(3):
            assert source.post(CALL | {"reference": f"r{number}"}).status_code == 503
        assert Client().get("/healthz").status_code == 200
    for number in range(3):
        assert source.post(CALL | {"reference": f"r{number}"}).status_code == 201
    told = [record for record in caplog.records if record.name.startswith("config")]
    assert [record.levelname for record in told] == ["ERROR", "INFO"]
    assert not any(record.exc_info or record.exc_text for record in caplog.records)


def test_a_connection_that_is_cut_in_the_middle_of_a_request_is_a_503(source):
    served_by = backend()

    def cut():
        with another() as other:
            waits = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
            until(lambda: other.execute(waits, [served_by]).fetchone() is not None)
            other.execute("SELECT pg_terminate_backend(%s)", [served_by])

    with another() as other, other.transaction():
        other.execute("LOCK TABLE interactions_interaction IN SHARE MODE")  # it comes as far as the insert
        cutter = threading.Thread(target=cut)
        cutter.start()
        assert source.post(CALL).status_code == 503
        cutter.join()
    assert not Interaction.objects.exists()
    assert source.post(CALL).status_code == 201


def test_a_server_out_of_connections_is_a_503(source):
    connection.close()
    taken: list[psycopg.Connection] = []

    def take_all():
        while True:
            taken.append(psycopg.connect(database_url()))

    try:
        with pytest.raises(psycopg.OperationalError):
            take_all()
        assert source.post(CALL).status_code == 503
    finally:
        for one in taken:
            one.close()
    assert source.post(CALL).status_code == 201


def test_a_statement_without_end_is_ended(source, monkeypatch):
    """Somebody holds a lock, as a migration does."""
    monkeypatch.setattr(bounds, "STATEMENT_SECONDS", 0.5)
    connection.close()
    with another() as other, other.transaction():
        other.execute("LOCK TABLE interactions_interaction IN ACCESS EXCLUSIVE MODE")
        assert source.post(CALL).status_code == 503
    assert source.post(CALL).status_code == 201


def test_a_server_that_hangs_holds_nobody_up_for_ever(source, monkeypatch):
    monkeypatch.setattr(bounds, "ANSWER_SECONDS", 1.0)
    connection.close()
    assert source.post(CALL | {"reference": "before"}).status_code == 201
    frozen = backend()
    os.kill(frozen, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert source.post(CALL).status_code == 503
        assert time.monotonic() - began < 30
    finally:
        os.kill(frozen, signal.SIGCONT)
    close_old_connections()  # as a server does after each request
    assert source.post(CALL).status_code == 201


def test_an_address_that_takes_connections_and_says_nothing_is_a_503(source):
    connection.close()
    before = dict(connection.settings_dict)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connection.settings_dict.update(HOST="127.0.0.1", PORT=str(silent.getsockname()[1]))
        try:
            assert source.post(CALL).status_code == 503
        finally:
            connection.settings_dict.update(before)
    assert source.post(CALL).status_code == 201


@pytest.fixture(autouse=True)
def _own_connections():
    """None of the shortened ones stays."""
    yield
    connections.close_all()


@pytest.mark.slow
def test_workers_and_beat_say_it_once_and_go_on_by_themselves(acme, centres, valkey, tmp_path):
    worker, beat = Worker(centres, tmp_path / "worker.log"), Beat(centres, tmp_path)
    try:
        worker.start()
        beat.start()
        post(3, customers=3)
        until(done, 30)
        with database.stopped():
            until(lambda: "does not answer" in beat.log and "does not answer" in worker.log, 30)
            time.sleep(6)
        post(3, start=10, customers=3)
        until(done, 40)
        assert_exactly_once(acme, 6)
        until(lambda: "is there again" in beat.log and "is there again" in worker.log, 30)
    finally:
        beat.kill()
        worker.kill()
    assert "Traceback" not in worker.log + beat.log
    assert beat.log.count("does not answer") == 1
    assert worker.log.count("does not answer") <= 2  # each of its two processes
