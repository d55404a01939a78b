"""Real Celery workers, as processes of their own on the test's database, its Valkey and its stand-in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """Where the test's own database is."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def environment(centres: Path) -> dict[str, str]:
    """What a process of the product needs to work on the test's own parts."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "ZOHO_DATA_CENTRES": str(centres),
        "SECRET_KEY": settings.SECRET_KEY,
        "FERNET_KEYS": ",".join(settings.FERNET_KEYS),
    }


class Worker:
    """One `celery worker` with its children."""

    code = ROOT
    """The checkout whose code it runs."""

    def __init__(self, centres: Path, log: Path, concurrency: int = 2, app: str = "config", **variables: str) -> None:
        self._command = [
            sys.executable, "-m", "celery", "-A", app, "worker", "--concurrency", str(concurrency),
            "--loglevel", "INFO", "--hostname", f"{log.stem}{os.getpid()}@%h",
        ]  # fmt: skip
        self._environment = environment(centres) | variables
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.code,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        began = self._log.stat().st_size
        until(lambda: b" ready." in self._log.read_bytes()[began:], 30)

    def signal(self, number: int) -> None:
        """To the worker and its children alike, and wait until they are gone."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)
            self._process.wait(30)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def stop(self) -> None:
        self.signal(signal.SIGTERM)

    def main(self) -> psutil.Process:
        """The process that listens to the broker."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def cpu_seconds(self) -> float:
        """What the worker and its children have used of the processors."""
        main = self.main()
        times = [process.cpu_times() for process in (main, *main.children(recursive=True))]
        return sum(time.user + time.system for time in times)

    @property
    def log(self) -> str:
        return self._log.read_text()


class Beat:
    """One `celery beat`, which keeps its schedule in `directory`."""

    def __init__(self, centres: Path, directory: Path) -> None:
        schedule = ["--schedule", str(directory / "schedule"), "--pidfile", "", "--loglevel", "INFO"]
        self._command = [sys.executable, "-m", "celery", "-A", "config", "beat", *schedule]
        self._environment = environment(centres)
        self._log = directory / "beat.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=output, stderr=output
            )

    def signal(self, number: int) -> int | None:
        """Wait until it is gone; how it ended, None when it did not run."""
        if self._process is None or self._process.poll() is not None:
            return None
        self._process.send_signal(number)
        return self._process.wait(30)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    @property
    def log(self) -> str:
        return self._log.read_text()


def until(holds: Callable[[], bool], seconds: float = 20.0, every: float = 0.1) -> None:
    """Wait for something that other processes do. Fails when it does not come about in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(every)
