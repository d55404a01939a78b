"""The system that the journey goes through: the one that runs, else one of its own that ends with it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

from config.paths import BASE_DIR, VAR
from config.variables import CannotBeRead
from demo.journey.browser import StepFailed
from demo.stack import local, serving
from demo.stack.plan import CannotStart, make

LAST_LINE = "Ctrl-C"
SECONDS_TO_READY = 60


@dataclass(frozen=True)
class System:
    """Where Deskline and the local Zoho are, and the password of the demo's administrators."""

    url: str
    zoho: str
    password: str = field(repr=False)

    def zoho_json(self, path: str) -> Any:
        answer = requests.get(self.zoho + path, timeout=30, proxies={"http": "", "https": ""})
        answer.raise_for_status()
        return answer.json()


@contextlib.contextmanager
def running(say: Callable[[str], None]) -> Iterator[System]:
    """The running system, with a worker at work. Raises StepFailed when it cannot be had."""
    try:
        plan = make(os.environ, local.known(VAR, os.environ))
    except (CannotStart, CannotBeRead) as reason:
        raise StepFailed(str(reason)) from None
    if not plan.own_zoho:
        raise StepFailed("The demo goes to the local Zoho, which FAKEZOHO_PORT=0 leaves out.")
    started = None
    try:
        if not local.is_running(plan.var) and not serving.answers(plan.health_url):
            say("Nothing runs yet: starting a system for this journey ...")
            started = _start()
        _wait_until_ready(plan.health_url.replace("/healthz", "/readyz"))
        if not serving.answers(f"{plan.zoho_url}/datacentres.json"):
            raise StepFailed(f"The local Zoho does not answer at {plan.zoho_url}. Is FAKEZOHO_PORT right?")
        yield System(plan.public_url, plan.zoho_url, _password())
    finally:
        if started:
            started.terminate()
            started.wait()


def _password() -> str:
    password = local.known(VAR, os.environ).get("DEMO_PASSWORD")
    if not password:
        raise StepFailed(
            "DEMO_PASSWORD is not set: the administrators of the demo company sign in with it. Set it (or "
            "DEMO_PASSWORD_FILE) to the one with which `manage.py load_demo_company` loaded the company."
        )
    return password


def _start() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.stack"],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    output = process.stdout or ()
    told = []
    for line in output:
        told.append(line)
        if LAST_LINE in line:
            return process
    raise StepFailed("The system did not start.", said="".join(told).strip())


def _wait_until_ready(address: str) -> None:
    """Until a worker has done something: a server alone would write no calls."""
    deadline = time.monotonic() + SECONDS_TO_READY
    while not serving.answers(address):
        if time.monotonic() > deadline:
            raise StepFailed(f"It is not ready after {SECONDS_TO_READY} seconds.", look=address)
        time.sleep(0.5)
