"""A backup made in the middle of the flow is restored: nothing is lost, and nothing is written twice."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from benchmarks.stand.postgres import programs
from config.paths import BASE_DIR
from interactions.models import DeletedInteraction, Delivery, DeliveryState, Interaction
from tests.interactions.promise import assert_exactly_once, post
from tests.interactions.steps import settle, states, work

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def commands():
    """The shell commands of the document, in their order."""
    blocks = re.findall(r"```sh\n(.*?)```", (BASE_DIR / "docs/backup.md").read_text(), re.S)
    return [line.strip() for block in blocks for line in block.strip().splitlines()]


class Backup:
    """With the document's own commands on PostgreSQL; with SQLite's online backup elsewhere."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.since = datetime.now(UTC)

    def make(self):
        if connection.vendor == "sqlite":
            self._copy(str(connection.settings_dict["NAME"]), str(self.directory / "kept.sqlite3"))
        else:
            self._run("pg_dump")

    def restore(self):
        connections.close_all()
        if connection.vendor == "sqlite":
            self._copy(str(self.directory / "kept.sqlite3"), str(connection.settings_dict["NAME"]))
        else:
            self._run("pg_restore")

    def _copy(self, origin: str, target: str):
        with sqlite3.connect(origin) as one, sqlite3.connect(target) as other:
            one.backup(other)

    def _run(self, program: str):
        (command,) = (line for line in commands() if line.startswith(program))
        name = connection.settings_dict["NAME"]
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        environment = os.environ | {"DATABASE_URL": url, "PATH": f"{programs()}:{os.environ['PATH']}"}
        subprocess.run(["bash", "-ec", command], cwd=self.directory, env=environment, check=True)


def after_restore(since):
    out = StringIO()
    call_command("after_restore", since=since.isoformat(), stdout=out)
    return out.getvalue()


def test_a_restored_backup_doubles_and_loses_nothing(acme, tmp_path):
    """20 delivered before it, 20 open in it and delivered after it, 20 that only the sources still know."""
    post(20, customers=5)
    work()
    post(20, customers=5, start=20)
    backup = Backup(tmp_path)
    backup.make()
    work()
    post(20, customers=8, start=40)
    work()
    assert_exactly_once(acme, 60)
    backup.restore()
    assert states().count(DeliveryState.PENDING) == 20
    told = after_restore(backup.since)
    assert told.startswith("20 open deliveries")
    post(60, customers=8)  # the sources repeat everything
    settle()
    assert_exactly_once(acme, 60)


def test_what_was_not_written_before_the_restore_is_written_after_it(acme, tmp_path):
    post(3, customers=1)
    after_restore(datetime.now(UTC) - timedelta(minutes=10))
    assert states() == [DeliveryState.UNKNOWN] * 3
    settle()
    assert_exactly_once(acme, 3)


def test_markers_follow_from_source_reference_and_rule(acme):
    post(1, customers=1)
    before = Delivery.objects.get().marker
    Interaction.objects.all().delete()
    DeletedInteraction.objects.all().delete()
    post(1, customers=1)
    assert Delivery.objects.get().marker == before


@pytest.mark.parametrize("since", ["yesterday", "2026-11-26T14:30:00", "2999-01-01T00:00:00Z"])
def test_a_time_that_cannot_be_is_refused_and_changes_nothing(acme, since):
    post(1, customers=1)
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("after_restore", since=since)
    assert states() == [DeliveryState.PENDING]


def test_the_document_s_last_command_is_the_one_that_is_tested():
    assert commands()[-1].startswith("python manage.py after_restore --since")
