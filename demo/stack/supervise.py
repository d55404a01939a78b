from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xmlrpc.client import Error, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from demo.stack.parts import STOP_SECONDS
from demo.stack.plan import CannotStart, Plan

PR_SET_PDEATHSIG = 1


@dataclass
class Supervisor:
    plan: Plan
    configuration: Path
    socket: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """In a session of its own, so that a Ctrl-C reaches the launcher alone, which then ends all in order."""
        command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(self.configuration)]
        with (self.plan.logs / "supervisor.out").open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def given_up(self) -> list[str]:
        """The parts that end again and again, which the supervisor does not start any more."""
        proxy = ServerProxy("http://localhost", SupervisorTransport(serverurl=f"unix://{self.socket}"))
        try:
            rows: Any = proxy.supervisor.getAllProcessInfo()
        except (OSError, Error):
            return []
        return [row["name"] for row in rows if row["statename"] == "FATAL"]

    def require_health(self) -> None:
        """Raises CannotStart when the supervisor or a part has given up."""
        if not self.is_running():
            raise CannotStart(f"The supervisor ended. It said:\n{tail(self.plan.logs / 'supervisor.out')}")
        for name in self.given_up():
            log = self.plan.logs / f"{name}.log"
            raise CannotStart(f"{name} does not stay up. The end of {log}:\n{tail(log)}")

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS * 2)
        except subprocess.TimeoutExpired:
            self.process.kill()


def tail(path: Path, lines: int = 15) -> str:
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return "\n".join(text.splitlines()[-lines:]) or "(nothing)"


def _end_with_parent() -> None:
    """On Linux the supervisor ends everything even when the launcher is killed without a chance to clean up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
