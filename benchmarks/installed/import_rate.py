"""A telephone system's file: queue calls of two rows each, new and known ones, and the memory that reading takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psutil

from benchmarks.figure import Figure
from benchmarks.stand.installation import Installation
from telephony.cdr.importing import Import, Source

CALLS, AGAIN = 20_000, 25
BEGIN = datetime(2026, 11, 20, 8, tzinfo=UTC)


def measure(installation: Installation) -> Iterator[Figure]:
    lines = [line for number in range(CALLS) for line in _rows(number)]
    yield Figure("new lines", _rate(lines), "/s", 2_000, least=True)
    yield Figure("known lines", _rate(lines), "/s", 10_000, least=True)
    process = psutil.Process()
    before = process.memory_info().rss
    _rate(line for _ in range(AGAIN) for line in lines)
    grown = (process.memory_info().rss - before) / 2**20
    yield Figure(f"memory grown by {AGAIN * len(lines):,} more lines", grown, "MB", 20)


def _rate(lines: list[bytes] | Iterator[bytes]) -> float:
    counted = 0

    def each() -> Iterator[bytes]:
        nonlocal counted
        for line in lines:
            counted += 1
            yield line

    run = Import(Source("measured", UTC), _complain)
    began = time.perf_counter()
    run.run(each())
    return counted / (time.perf_counter() - began)


def _complain(lines: str, reason: str) -> None:
    raise AssertionError(f"line {lines}: {reason}")


def _rows(number: int) -> Iterator[bytes]:
    """The agent's half and the caller's, as Asterisk writes them with newcdrcolumns."""
    began, customer = BEGIN + timedelta(seconds=7 * number), f"+3361{number:07}"
    call = f"{int(began.timestamp())}.{4 * number}"
    local, agent, trunk = (
        f"Local/201@from-queue-{number:08x}", f"PJSIP/201-{2 * number:08x}", f"PJSIP/trunk-{2 * number + 1:08x}",
    )  # fmt: skip
    for own, context, one, other, app, data, start, answer in (
        (f"{call}2", "from-queue", f"{local};2", agent, "Dial", "PJSIP/201,,tT", 1, 6),
        (call, "from-trunk", trunk, f"{local};1", "Queue", "600,tT,,,12", 0, 0),
    ):
        stamps = [f"{began + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}" for seconds in (start, answer, 60)]
        columns = ["", customer, "600", context, f'""Customer"" <{customer}>', one, other, app, data, *stamps]
        columns += [str(60 - start), str(60 - answer), "ANSWERED", "DOCUMENTATION", own, "", "", call, "1"]
        yield (",".join(f'"{column}"' for column in columns) + "\n").encode()
