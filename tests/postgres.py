"""`python -m tests.postgres COMMAND ...`: run a command with DATABASE_URL naming a real PostgreSQL.

One that the environment names is used as it is (`max_connections` must be 300); otherwise one is started from its
wheel and thrown away after.
"""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.stand.postgres import postgres

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
    with postgres(FOR_TESTS) as url:
        return run(command, url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
