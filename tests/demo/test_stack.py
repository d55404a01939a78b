from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import psutil
import pytest
import requests

from demo.stack.ports import is_free
from tests.demo.running import RunningStack, wait_for

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture
def stack(tmp_path: Path):
    running = RunningStack(tmp_path / "var").start()
    yield running
    if running.process and running.process.poll() is None:
        running.stop(signal.SIGTERM)


def _ports(stack: RunningStack) -> list[int]:
    return [int(stack.environment[name]) for name in ("PORT", "FAKEZOHO_PORT", "VALKEY_PORT")]


def _ready(stack: RunningStack) -> bool:
    return requests.get(f"{stack.url}/readyz", timeout=5).status_code == 200


def test_all_runs_once_a_killed_worker_comes_back_and_ctrl_c_ends_everything(stack, tmp_path):
    assert f"{stack.url}/maker/" in stack.table
    assert "ada@acme.example" in stack.table
    assert requests.get(f"{stack.url}/healthz", timeout=5).status_code == 200
    wait_for(lambda: _ready(stack))
    with pytest.raises(AssertionError, match="It runs already"):
        RunningStack(tmp_path / "var").start()

    workers = stack.find("celery -A config worker")
    (main,) = [process for process in workers if process.ppid() not in {other.pid for other in workers}]
    os.kill(main.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=5)
    assert alive == []
    wait_for(lambda: stack.find("celery -A config worker"))

    processes = stack.processes()
    assert stack.stop(signal.SIGINT) == 0
    assert [process for process in processes if process.is_running()] == []
    assert all(is_free(port) for port in _ports(stack))
    assert not (tmp_path / "var" / "running.env").exists()


def test_sigterm_ends_everything_too_and_what_it_leaves_is_private(stack, tmp_path):
    processes = stack.processes()
    assert stack.stop(signal.SIGTERM) == 0
    assert [process for process in processes if process.is_running()] == []
    assert [path for path in (tmp_path / "var").iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_killed_launcher_leaves_nothing_behind(stack):
    processes = stack.processes()
    stack.stop(signal.SIGKILL)
    _, alive = psutil.wait_procs(processes, timeout=40)
    assert alive == []


def test_a_taken_port_stops_the_start_before_anything_runs(tmp_path, taken_port):
    with pytest.raises(AssertionError, match="Choose another with PORT") as refusal:
        RunningStack(tmp_path / "var", PORT=str(taken_port)).start()
    assert "Nothing was started" in str(refusal.value)
    assert not (tmp_path / "var" / "deskline.sqlite3").exists()
