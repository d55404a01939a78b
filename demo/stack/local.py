"""What belongs to this machine: its keys, and the lock that lets one system run in a var/."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from config.variables import Variables
from demo.stack.files import read_values, write_private

OF_THE_SETTINGS = ("SECRET_KEY", "FERNET_KEYS")
"""Those without which no command starts."""
NAMES = (*OF_THE_SETTINGS, "VALKEY_PASSWORD", "METRICS_TOKEN", "DEMO_PASSWORD")
TYPED_BY_PEOPLE = {"DEMO_PASSWORD": 9}
"""Bytes of randomness; the others have 40."""


class RunsAlready(Exception): ...


def known(var: Path, environment: Mapping[str, str], names: Iterable[str] = NAMES) -> dict[str, str]:
    """Those of the environment first. Raises config.variables.CannotBeRead."""
    given = Variables(environment)
    of_the_environment = {name: given[name] for name in names if given.get(name)}
    return read_values(var / "local.env") | of_the_environment


def keys(var: Path, environment: Mapping[str, str] = os.environ, names: Iterable[str] = NAMES) -> dict[str, str]:
    """What is missing is made and kept. Of those that the environment gives, nothing is: what is encrypted with a
    second set opens with no other.
    """
    found = known(var, environment, names)
    missing = {name: secrets.token_urlsafe(TYPED_BY_PEOPLE.get(name, 40)) for name in names if name not in found}
    if missing:
        path = var / "local.env"
        lines = read_values(path) | missing
        write_private(path, "".join(f"{name}={value}\n" for name, value in lines.items()))
    return found | missing


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
