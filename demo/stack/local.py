"""What belongs to this machine: its keys, and the lock that lets one system run in a var/."""

from __future__ import annotations

import contextlib
import fcntl
import secrets
from collections.abc import Iterator
from pathlib import Path

from demo.stack.files import read_values, write_private

NAMES = ("SECRET_KEY", "FERNET_KEYS", "VALKEY_PASSWORD", "METRICS_TOKEN", "DEMO_PASSWORD")
TYPED_BY_PEOPLE = {"DEMO_PASSWORD": 9}
"""Bytes of randomness; the others have 40."""


class RunsAlready(Exception):
    """Another system runs in this var/."""


def keys(var: Path) -> dict[str, str]:
    """The keys of this machine; what is missing is made and kept."""
    path = var / "local.env"
    found = read_values(path)
    missing = {name: secrets.token_urlsafe(TYPED_BY_PEOPLE.get(name, 40)) for name in NAMES if name not in found}
    if missing:
        found |= missing
        write_private(path, "".join(f"{name}={value}\n" for name, value in found.items()))
    return found


@contextlib.contextmanager
def alone(var: Path) -> Iterator[None]:
    """Hold the lock of a var/. Raises RunsAlready."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (var / "running.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlready from None
        yield


def is_running(var: Path) -> bool:
    """Whether a system runs in this var/. The addresses that a killed one left behind are removed."""
    try:
        with alone(var):
            (var / "running.env").unlink(missing_ok=True)
            return False
    except RunsAlready:
        return True
