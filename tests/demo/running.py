"""The whole system as `make run` starts it, in a directory of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from config.paths import BASE_DIR
from tests.ports import free_port

LAST_LINE = "Ctrl-C"
OURS = (
    "SECRET_KEY", "FERNET_KEYS", "PUBLIC_URL", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE", "REDIS_URL", "DATABASE_URL",
)  # fmt: skip
"""What a test process or its user has set and the system under test must not take over."""


class RunningStack:
    """Started by `start`, ended by `stop`; `table` is what it printed."""

    def __init__(self, var: Path, **given: str) -> None:
        ports = {name: str(free_port()) for name in ("PORT", "FAKEZOHO_PORT", "VALKEY_PORT")}
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment: Mapping[str, str] = {**clean, "VAR_DIR": str(var), **ports, **given}
        self.url = f"http://127.0.0.1:{self.environment['PORT']}"
        self.table = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> RunningStack:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "demo.stack"],
            cwd=BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        for line in self.process.stdout:
            self.table += line
            if LAST_LINE in line:
                return self
        raise AssertionError(f"It did not start:\n{self.table}")

    def processes(self) -> list[psutil.Process]:
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, words: str) -> list[psutil.Process]:
        return [process for process in self.processes() if words in " ".join(_command(process))]

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(60)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait_for(condition: Callable[[], object], seconds: float = 15) -> None:
    """Look every 100 ms until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.1)
