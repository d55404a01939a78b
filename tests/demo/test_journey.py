"""The whole thing, as a stranger runs it: `manage.py demo` in a directory where nothing ever ran."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.paths import BASE_DIR
from demo.stack.ports import is_free
from tests.demo.running import RunningStack, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _demo(stack: RunningStack, log: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "demo", *options]
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=BASE_DIR, env=stack.environment, stdout=output, stderr=output)


@pytest.fixture
def stack(tmp_path: Path):
    return RunningStack(tmp_path / "var")


def test_the_demo_starts_a_system_of_its_own_and_ends_it(stack, tmp_path):
    log = tmp_path / "demo.log"
    assert _demo(stack, log, "--interactions", "20").wait(300) == 0, log.read_text()
    lines = log.read_text().splitlines()
    assert lines[-1] == "expected 20, found 20, missing 0, double 0"
    assert is_free(int(stack.environment["PORT"]))
    assert is_free(int(stack.environment["FAKEZOHO_PORT"]))


def test_a_worker_killed_in_the_middle_changes_neither_count_and_the_demo_can_be_repeated(stack, tmp_path):
    stack.start()
    try:
        log = tmp_path / "killed.log"
        demo = _demo(stack, log)
        wait_for(lambda: "Celery writes" in log.read_text(), 60)
        workers = stack.find("celery -A config worker")
        (main,) = [process for process in workers if process.ppid() not in {other.pid for other in workers}]
        os.kill(main.pid, signal.SIGKILL)
        assert demo.wait(500) == 0, log.read_text()
        assert log.read_text().splitlines()[-1] == "expected 100, found 100, missing 0, double 0"

        again = tmp_path / "again.log"
        assert _demo(stack, again, "--interactions", "20").wait(300) == 0, again.read_text()
        assert again.read_text().splitlines()[-1] == "expected 20, found 20, missing 0, double 0"
    finally:
        stack.stop()
