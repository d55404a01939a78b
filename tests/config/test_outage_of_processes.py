"""Processes of their own whose database cannot be used."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection

from config.paths import BASE_DIR

pytestmark = pytest.mark.django_db(transaction=True)

SQLITE = connection.vendor == "sqlite"

FULL_DISK = """
import django, os, resource
django.setup()
from django.db import connection
from django.test import Client
connection.ensure_connection()
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print(Client().get("/readyz").content.decode())
"""


@pytest.mark.skipif(not SQLITE, reason="A full disk ends PostgreSQL.")
def test_a_disk_without_room_is_not_ready(tmp_path):
    with sqlite3.connect(connection.settings_dict["NAME"]) as database:
        database.execute("VACUUM INTO ?", [str(tmp_path / "copy.sqlite3")])
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}"}
    command = [sys.executable, "-c", FULL_DISK]
    done = subprocess.run(command, env=environment, cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert "database" in json.loads(done.stdout)["not_ready"], done.stderr


def test_a_command_says_it_in_a_sentence(tmp_path):
    """A directory is no database."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}"}
    command = [sys.executable, "manage.py", "rotate_keys"]
    done = subprocess.run(command, env=environment, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
