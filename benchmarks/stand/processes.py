"""Processes of the product beside the benchmark's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60.0


class Running:
    """A process and those that it started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def all(self) -> list[psutil.Process]:
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]

    def cpu_seconds(self) -> float:
        times = [process.cpu_times() for process in self.all()]
        return sum(time.user + time.system for time in times)

    def megabytes(self) -> float:
        """Of memory, in the largest of them."""
        return max(process.memory_info().rss for process in self.all()) / 1e6

    def kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)


@contextmanager
def running(arguments: list[str], log: Path, environment: Mapping[str, str], until_log: bytes) -> Iterator[Running]:
    """`python ARGUMENTS` in its own session, once its log shows the text. It is killed after."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=dict(environment), stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    program = Running(process)
    try:
        wait(lambda: until_log in log.read_bytes(), SECONDS_TO_START)
        yield program
    finally:
        program.kill()


def wait(holds: Callable[[], bool], seconds: float, every: float = 0.1) -> None:
    """Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(every)
