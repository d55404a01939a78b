"""Threads keep their connections to PostgreSQL, and get over their loss."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import requests

from tests.config.server.running import WebServer, install, serving

URL = os.environ.get("DATABASE_URL", "")
pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not URL.startswith("postgres"), reason="DATABASE_URL names no PostgreSQL"),
]

OURS = "deskline_web_server"
ALL_OF_IT = f"FROM pg_stat_activity WHERE datname = '{OURS}'"


@pytest.fixture
def server(tmp_path, valkey) -> Iterator[WebServer]:
    address = urlunsplit(urlsplit(URL)._replace(path=f"/{OURS}"))
    _tell(f"DROP DATABASE IF EXISTS {OURS} WITH (FORCE)")
    _tell(f"CREATE DATABASE {OURS}")
    with serving(install(tmp_path, DATABASE_URL=address), WEB_THREADS="3") as server:
        yield server
    _tell(f"DROP DATABASE IF EXISTS {OURS} WITH (FORCE)")


def test_threads_keep_their_connections_and_get_over_their_loss(server):
    def ask(_number: int) -> int:
        return requests.get(f"{server.url}/told", timeout=10).status_code

    with ThreadPoolExecutor(9) as people:
        assert set(people.map(ask, range(60))) == {200}
        assert len(_tell(f"SELECT pid {ALL_OF_IT}")) <= 3 + 1  # that of the thread which reports what keys there are
        _tell(f"SELECT pg_terminate_backend(pid) {ALL_OF_IT}")
        assert set(people.map(ask, range(60))) == {200}
    assert "Traceback" not in server.log.read_text()


def _tell(statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(URL, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return list(cursor) if cursor.description else []
