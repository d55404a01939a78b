"""The web server, started as a process by the very command that README gives for a server."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.paths import BASE_DIR
from tests.ports import free_port

SECONDS_TO_START = 60
PREPARE = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
if "static" in sys.argv:
    call_command("collectstatic", interactive=False, verbosity=0)
from interactions.api import keys
print(keys.create("Telephone system", "pbx")[1])
"""


def documented_command() -> list[str]:
    """README's line of the section "On a server" that serves."""
    section = (BASE_DIR / "README.md").read_text().partition("## On a server")[2]
    (line,) = re.findall(r"^python manage\.py serve.*$", section, re.MULTILINE)
    _python, *rest = shlex.split(line, comments=True)
    return [sys.executable, *rest]


@dataclass
class Installation:
    """A directory with a migrated database and an API key."""

    var: Path
    environment: dict[str, str]
    key: str


def install(var: Path, *, static: bool = False, **given: str) -> Installation:
    ours = {
        "VAR_DIR": str(var),
        "SECRET_KEY": "a-key-for-this-server-only-that-is-long-enough-to-pass-the-checks",
        "FERNET_KEYS": "a-fernet-key-for-this-server-only",
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "tests.config.server.settings",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    theirs = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL", "PORT")}
    environment = {**theirs, **ours, **given}
    command = [sys.executable, "-c", PREPARE, *(["static"] if static else [])]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Installation(var, environment, done.stdout.split()[-1])


@dataclass
class WebServer:
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def without_a_failure(self) -> Iterator[None]:
        """Nothing goes wrong inside the server during the block."""
        before = len(self.log.read_text())
        yield
        assert "Traceback" not in self.log.read_text()[before:]

    def stop(self) -> float:
        """End it as a supervisor does, and return how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)
        return time.monotonic() - began


@contextmanager
def serving(
    installation: Installation, preexec_fn: Callable[[], None] | None = None, **given: str
) -> Iterator[WebServer]:
    """README's command in this installation, until the end of the block."""
    port = free_port()
    log = installation.var / f"web-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            documented_command(),
            cwd=BASE_DIR,
            env={**installation.environment, "PORT": str(port), **given},
            stdout=output,
            stderr=output,
            preexec_fn=preexec_fn,
        )
    server = WebServer(port, process, log, installation.key)
    try:
        _wait_until_served(server)
        yield server
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


def _wait_until_served(server: WebServer) -> None:
    from demo.stack.serving import answers

    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(f"{server.url}/healthz"):
        assert server.process.poll() is None, server.log.read_text()
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.05)
