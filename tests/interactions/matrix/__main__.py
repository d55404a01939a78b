"""`make crash-matrix`: walk all cells, each column on servers of its own, and print what the local Zoho holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.interactions.matrix.cells import ALL, FAULTS, GOOD, LAGS, POINTS, Cell

TEST = "tests/interactions/matrix/test_matrix.py"


def walk(notes: Path) -> None:
    """Each column in a process of its own, with its own database server, Valkey and local Zoho."""
    command = [
        sys.executable,
        "-m",
        "tests.postgres",
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-m",
        "slow",
        "-p",
        "no:randomly",
        TEST,
    ]
    without = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    columns = [
        subprocess.Popen(command, env=without | {"CRASH_COLUMN": lag, "CRASH_NOTES": str(notes)}, stdout=sys.stderr)
        for lag in LAGS
    ]
    for column in columns:
        column.wait()


def table(outcomes: dict[Cell, str]) -> str:
    lines = ["| point | fault | " + " | ".join(f"lag {lag}" for lag in LAGS) + " |", "|---" * (2 + len(LAGS)) + "|"]
    lines += [
        f"| {point} | {fault} | "
        + " | ".join(outcomes.get(Cell(point, fault, lag), "not reached") for lag in LAGS)
        + " |"
        for point in POINTS
        for fault in FAULTS
    ]
    return "\n".join(lines)


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        notes = Path(directory) / "notes"
        notes.touch()
        walk(notes)
        noted = [json.loads(line) for line in notes.read_text().splitlines()]
    outcomes = {Cell(*cell): told for *cell, told in noted}
    good = sum(told == GOOD for told in outcomes.values())
    sys.stdout.write(f"{table(outcomes)}\n{good} of {len(ALL)} cells are as they must be.\n")
    return int(good != len(ALL))


if __name__ == "__main__":
    sys.exit(main())
