"""Each kept database upgrades: every row is still there, what was open is delivered once, and the Maker shows it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from authmethods.models import AuthenticationMethod
from crm.models import Assignment
from interactions.models import Delivery, DeliveryState, Interaction
from tests.interactions.steps import settle
from tests.upgrades.make import KEPT, KEYS
from users.models import User

FILES = sorted((KEPT / connection.vendor).glob("*.sql"))
OPEN = {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.HELD}
pytestmark = pytest.mark.database


@contextmanager
def loaded_by_sqlite(script: str, directory: Path) -> Iterator[str]:
    path = str(directory / "upgraded.sqlite3")
    with sqlite3.connect(path) as database:
        database.executescript(script)
    yield path


@contextmanager
def loaded_by_postgresql(script: str, _directory: Path) -> Iterator[str]:
    server, name = os.environ["DATABASE_URL"], f"upgraded_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name}")
    try:
        with psycopg.connect(urlunsplit(urlsplit(server)._replace(path=f"/{name}"))) as database:
            database.execute(script)
        yield name
    finally:
        with psycopg.connect(server, autocommit=True) as database:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def upgraded(request, tmp_path, django_db_blocker, vendor, use_keys):
    """The kept database under the present code, in place of the tests' own."""
    loaded = loaded_by_sqlite if connection.vendor == "sqlite" else loaded_by_postgresql
    use_keys(KEYS["FERNET_KEYS"])
    with loaded(request.param.read_text(encoding="utf-8"), tmp_path) as name, django_db_blocker.unblock():
        connections.close_all()
        before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
        try:
            call_command("migrate", verbosity=0)
            yield vendor
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = before


def test_there_is_one_to_begin_with():
    assert FILES


def test_a_kept_database_upgrades_whole_and_goes_on(upgraded):
    assert Interaction.objects.count() == Delivery.objects.count() == len(DeliveryState.values)
    states = dict(Delivery.objects.values_list("interaction__reference", "state"))
    assert states == {f"call-{state}": state for state in DeliveryState.values}
    assert AuthenticationMethod.objects.get().app().client_secret == "the client's secret"
    assert len(set(Assignment.objects.values_list("identity", flat=True))) == Assignment.objects.count() == 2
    settle()
    after = dict(Delivery.objects.values_list("interaction__reference", "state"))
    assert {name for name, state in after.items() if state == DeliveryState.DELIVERED} == {
        f"call-{state}" for state in {*OPEN, DeliveryState.DELIVERED}
    }
    subjects = [record["subject"] for record in upgraded.calls()]
    assert sorted(subjects) == sorted(f"call-{state}" for state in OPEN)
    markers = {record["marker"] for record in upgraded.calls()}
    assert markers == {f"DL-{state}" for state in OPEN}, "a marker that was given stays"


def test_the_maker_shows_what_was_kept(upgraded):
    browser = Client()
    browser.force_login(User.objects.get(username="ada@acme.example"))
    for page in (
        "",
        "interactions/delivery/",
        "interactions/interaction/",
        "crm/crm/",
        "authmethods/authenticationmethod/",
    ):
        assert browser.get(f"/maker/{page}").status_code == 200, page
