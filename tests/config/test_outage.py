"""The database is away, or takes nothing in: everybody is told so in words, and the log once."""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client

from config import database, outage
from interactions import tasks
from interactions.actions import accept
from interactions.models import Interaction
from interactions.worker import heartbeat
from tests.interactions.source import CALL, Source

pytestmark = pytest.mark.django_db(transaction=True)

SQLITE = connection.vendor == "sqlite"
PAGES = (
    "/",
    "/maker/",
    "/maker/interactions/delivery/",
    "/banner/",
    "/api/authclients/hbdnakz/fzefdzs?state=abc&code=1000.a.b&location=eu",
    "/api/sso/login/0000000000",
    "/api/sso/login/oauth/callback?state=abc&code=1000.a.b&location=eu",
)


@contextmanager
def led_elsewhere(name=None, options=None, **others):
    """Every connection from now on is made as these say."""
    settings = connection.settings_dict
    before = dict(settings)
    connection.close()
    settings.update({"NAME": name or settings["NAME"], "OPTIONS": settings["OPTIONS"] | (options or {})}, **others)
    try:
        yield
    finally:
        connection.close()
        settings.update(before)


def away():
    """Nobody is at its address."""
    if SQLITE:
        return led_elsewhere("/nowhere/at/all.sqlite3")
    return led_elsewhere(HOST="127.0.0.1", PORT="1")


def read_only():
    """As a standby is, or a file that was made so."""
    if SQLITE:
        return led_elsewhere(f"file:{connection.settings_dict['NAME']}?mode=ro", {"uri": True})
    return led_elsewhere(options={"options": "-c default_transaction_read_only=on"})


def unprepared(tmp_path):
    """Nobody has run the migrations."""
    if SQLITE:
        return led_elsewhere(str(tmp_path / "empty.sqlite3"))
    return led_elsewhere(options={"options": "-c search_path=nowhere"})


@contextmanager
def locked():
    """Somebody writes, and goes on and on."""
    if not SQLITE:
        pytest.skip("PostgreSQL locks rows, not itself.")
    with led_elsewhere(options={"timeout": 0.05}):
        other = sqlite3.connect(connection.settings_dict["NAME"])
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()


def full():
    """No page more than those in use."""
    if not SQLITE:
        pytest.skip("A full disk ends PostgreSQL.")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    command = connection.settings_dict["OPTIONS"]["init_command"] + "PRAGMA max_page_count=1;"
    return led_elsewhere(options={"init_command": command})


CREDENTIALS = {"username": "ada@acme.example", "password": "correct horse"}
TROUBLES = ["away", "read_only", "unprepared", "locked", "full"]


@pytest.fixture(autouse=True)
def _as_a_process_begins(monkeypatch):
    """Nothing told; and what is proved every few seconds, each time."""
    monkeypatch.setattr(outage, "log", outage.OutageLog())
    monkeypatch.setattr(database, "PROOF_SECONDS", 0.0)


@pytest.fixture
def trouble(request, tmp_path):
    def of(name):
        return unprepared(tmp_path) if name == "unprepared" else globals()[name]()

    return of


@pytest.fixture
def said(caplog):
    """The lines of the log, by whichever logger, with their tracebacks."""
    caplog.set_level(logging.INFO)
    others = [logging.getLogger(name) for name in ("django", "django.request")]
    for one in others:
        one.addHandler(caplog.handler)
    yield lambda: list(dict.fromkeys(caplog.records))
    for one in others:
        one.removeHandler(caplog.handler)


def has_traceback(record):
    return bool(record.exc_info or record.exc_text)  # whoever redacts it makes a text of it


def lines(records):
    return [(record.levelname, record.getMessage()) for record in records]


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.fixture
def source(browser):
    return Source(browser)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_in_words_that_the_database_is_away(browser, ada, page):
    browser.force_login(ada)
    with away():
        answer = browser.get(page)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    text = answer.content.decode()
    assert 'class="sheet"' in text
    assert "nothing of it was lost" in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_signing_in_says_so_too(browser, ada):
    with away():
        answer = browser.post("/maker/login/", CREDENTIALS)
    assert answer.status_code == 503
    assert browser.post("/maker/login/", CREDENTIALS).status_code == 302


@pytest.mark.parametrize("name", TROUBLES)
def test_the_api_never_says_yes_for_what_is_not_kept(source, trouble, name):
    with trouble(name):
        answer = source.post(CALL | {"subject": "x" * 300, "extra": {"a": "b" * 9000}})
    assert answer.status_code == 503, answer.content
    assert int(answer.headers["Retry-After"]) > 0
    (problem,) = answer.json()["detail"]
    assert "same request again" in problem["message"]
    assert not Interaction.objects.exists()
    assert source.post(CALL).status_code == 201


@pytest.mark.parametrize("name", TROUBLES)
def test_an_outage_is_one_line_of_the_log_and_its_end_another(source, trouble, said, name):
    source.post(CALL | {"reference": "before"})
    before = len(said())
    with trouble(name):
        for number in range(5):
            assert source.post(CALL | {"reference": f"r{number}", "extra": {"a": "b" * 9000}}).status_code == 503
        during = said()[before:]
        assert len(during) == 1, lines(during)
        assert during[0].levelname == "ERROR"
        assert not has_traceback(during[0])
        assert "\n" not in during[0].getMessage()
        assert "503" in during[0].getMessage()
    assert source.post(CALL | {"reference": "after"}).status_code == 201
    ends = [line for line in lines(said()[before + 1 :]) if "database" in line[1]]
    assert ends == [("INFO", "The database is there again.")]


def test_a_worker_says_it_once_and_goes_on_by_itself(said, db):
    with away():
        for _ in range(5):
            tasks.sweep()
            tasks.drain(None)
        told = said()
    assert [record.levelname for record in told] == ["ERROR"]
    assert not has_traceback(told[0])
    tasks.sweep()
    assert lines(said())[1:] == [("INFO", "The database is there again.")]


@pytest.mark.parametrize("name", ["away", "read_only", "unprepared", "locked"])
def test_a_database_that_cannot_be_used_is_not_ready(browser, trouble, name, valkey):
    heartbeat.beat()
    with trouble(name):
        answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()["not_ready"]) == (503, ["database"])
    assert browser.get("/readyz").status_code == 200


def test_the_proof_that_it_can_be_written_leaves_nothing_and_costs_little(
    browser, monkeypatch, django_assert_max_num_queries, valkey
):
    def rows():
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
            counts = {}
            for name in names:
                cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
                counts[name] = cursor.fetchone()[0]
        return counts

    heartbeat.beat()
    browser.get("/readyz")
    before = rows()
    monkeypatch.setattr(database, "PROOF_SECONDS", 60.0)
    with django_assert_max_num_queries(70):
        for _ in range(10):
            assert browser.get("/readyz").status_code == 200
    assert rows() == before


@pytest.mark.parametrize("name", TROUBLES)
def test_the_figures_are_there_without_the_database(browser, settings, said, trouble, name, valkey):
    settings.METRICS_TOKEN = "a-token"
    token = {"Authorization": "Bearer a-token"}

    def up():
        answer = browser.get("/metrics", headers=token)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "python_info" in text
        assert "deskline_redis_up 1.0" in text
        return re.findall(r"^deskline_database_up (\S+)$", text, re.M)[0]

    assert up() == "1.0"
    with trouble(name):
        if name != "full":  # what it proves by needs no new page
            assert up() == "0.0"
        assert not any(map(has_traceback, said()))
    assert up() == "1.0"


def test_an_error_of_ours_keeps_its_traceback(browser, said, ada, monkeypatch):
    def broken(*_args):
        raise OperationalError('near "SELEC": syntax error') from sqlite_error()

    def sqlite_error():
        error = sqlite3.OperationalError('near "SELEC": syntax error')
        error.sqlite_errorcode = 1
        return error

    monkeypatch.setattr(accept, "accept", broken)
    answer = Source(browser).post(CALL)
    if SQLITE:
        assert answer.status_code == 500
        assert any(map(has_traceback, said()))
