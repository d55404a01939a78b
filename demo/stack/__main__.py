"""`python -m demo.stack`: start everything, tell where it is, and end everything on Ctrl-C or SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from config.paths import BASE_DIR, VAR
from demo.stack import local, parts, ports, serving, table
from demo.stack.files import write_private
from demo.stack.plan import CannotStart, Plan, make
from demo.stack.supervise import Supervisor
from fakezoho.world import World

SECONDS_TO_START = 60
SETTLE_SECONDS = 20
"""The local Zoho's lists show at once what was written, so a lost answer is settled sooner than at the real one."""
SECONDS_BETWEEN_LOOKS = 2


class Ended(Exception): ...


def _end(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Ended


def about_zoho(plan: Plan) -> dict[str, object]:
    """The data-centre file: where the local Zoho is, and how long a lost answer waits there."""
    return {"locations": World(plan.zoho_url).locations(), "assumed": {"settle_seconds": SETTLE_SECONDS}}


def prepare(plan: Plan) -> None:
    """Raises CannotStart."""
    write_private(plan.var / "running.env", "".join(f"{name}={value}\n" for name, value in plan.values.items()))
    if plan.own_zoho:
        write_private(plan.var / "zoho-datacentres.json", json.dumps(about_zoho(plan), indent=2))
    if plan.own_valkey:
        write_private(plan.var / "valkey.conf", parts.valkey_configuration(plan, plan.keys["VALKEY_PASSWORD"]))
    done = subprocess.run(
        [sys.executable, "-m", "demo.stack.prepare"], cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotStart(f"The database could not be made ready:\n{done.stderr.strip()}")
    if done.stdout:
        table.say(done.stdout.strip())


def wait_until_served(plan: Plan, supervisor: Supervisor) -> None:
    """Raises CannotStart."""
    deadline = time.monotonic() + SECONDS_TO_START
    urls = [plan.health_url, *([f"{plan.zoho_url}/datacentres.json"] if plan.own_zoho else [])]
    while not all(serving.answers(url) for url in urls):
        supervisor.require_health()
        if time.monotonic() > deadline:
            raise CannotStart(f"Nothing serves after {SECONDS_TO_START} seconds. Look into {plan.logs}.")
        time.sleep(0.1)


def watch(plan: Plan, supervisor: Supervisor) -> None:
    """Say once of each part that it does not come back; the others go on. Raises CannotStart when all is lost."""
    told: set[str] = set()
    while supervisor.is_running():
        for name in set(supervisor.given_up()) - told:
            told.add(name)
            table.say(f"{name} ends again and again and is not started any more: see {plan.logs / name}.log")
        time.sleep(SECONDS_BETWEEN_LOOKS)
    supervisor.require_health()


def run(plan: Plan, short_directory: Path) -> None:
    with local.alone(plan.var):
        plan.logs.mkdir(exist_ok=True)
        ports.check(plan)
        try:
            prepare(plan)
            socket = parts.control_socket(plan, short_directory)
            configuration = plan.var / "supervisord.conf"
            write_private(configuration, parts.configuration(plan, socket))
            supervisor = Supervisor(plan, configuration, socket)
            try:
                supervisor.start()
                wait_until_served(plan, supervisor)
                table.show(plan, plan.keys["DEMO_PASSWORD"])
                watch(plan, supervisor)
            except Ended:
                table.say("\nEnding ...")
                raise
            finally:
                supervisor.stop()
        finally:
            (plan.var / "running.env").unlink(missing_ok=True)


def main() -> int:
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        with tempfile.TemporaryDirectory(prefix="deskline-") as short_directory:
            run(make(), Path(short_directory))
    except local.RunsAlready:
        sys.stderr.write(f"It runs already: {VAR} is in use. VAR_DIR names another place.\n")
        return 1
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except Ended:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
