"""How the server starts with what it cannot have, and how it ends."""

from __future__ import annotations

import resource
import signal
import subprocess
import threading
import time

import psutil
import pytest
import requests

from config.paths import BASE_DIR
from tests.config.server.clients import (
    A_STREAM,
    HALF_A_BODY,
    HALF_A_HEAD,
    connect,
    connected,
    read_all,
    seconds_to_health,
)
from tests.config.server.running import documented_command, serving
from tests.demo.running import wait_for


def test_what_is_under_way_is_finished_and_nothing_else_is_waited_for(installation):
    with serving(installation) as server:
        answers: list[requests.Response] = []
        slow = threading.Thread(
            target=lambda: answers.append(requests.get(f"{server.url}/slow?seconds=2", timeout=10)), daemon=True
        )
        with (
            connected(server.port, 5, A_STREAM) as streams,
            connected(server.port, 5),
            connected(server.port, 5, HALF_A_HEAD),
            connected(server.port, 5, HALF_A_BODY),
        ):
            for stream in streams:
                assert b"tick" in stream.recv(65536) + stream.recv(65536)
            slow.start()
            time.sleep(0.5)
            assert server.stop() < 8
            slow.join()
            assert all(read_all(stream).endswith(b"\r\n0\r\n\r\n") for stream in streams), "a stream was cut off"
        assert answers[0].text == "done\n"
        assert "Traceback" not in server.log.read_text()


@pytest.mark.slow
def test_an_answer_that_never_comes_does_not_stop_the_stop(installation):
    impatient = serving(installation, DJANGO_SETTINGS_MODULE="tests.config.server.impatient")
    with impatient as server, connect(server.port) as connection:
        connection.sendall(b"GET /slow?seconds=60 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.3)
        assert server.stop() < 15


@pytest.mark.slow
def test_several_processes_serve_a_dead_one_comes_back_and_all_end_together(installation):
    with serving(installation, WEB_WORKERS="2") as server:
        parent = psutil.Process(server.process.pid)
        wait_for(lambda: len(workers(parent)) == 2, 30)
        victim = workers(parent)[0]
        victim.send_signal(signal.SIGKILL)
        wait_for(lambda: len({process.pid for process in workers(parent)} - {victim.pid}) == 2, 30)
        assert seconds_to_health(server.port) < 1
        left = workers(parent)
        server.stop()
        _, alive = psutil.wait_procs(left, timeout=5)
        assert alive == []


@pytest.mark.slow
def test_no_process_outlives_the_one_that_began_it_and_keeps_the_port(installation):
    with serving(installation, WEB_WORKERS="2") as server:
        parent = psutil.Process(server.process.pid)
        wait_for(lambda: len(workers(parent)) == 2, 30)
        left = workers(parent)
        wait_for(lambda: seconds_to_health(server.port, 1) < 1, 30)
        server.process.kill()
        server.process.wait(10)
        _, alive = psutil.wait_procs(left, timeout=20)
        for one in alive:
            one.kill()
        assert alive == []


def workers(parent: psutil.Process) -> list[psutil.Process]:
    """Without the helper that multiprocessing keeps for its own."""
    return [one for one in parent.children() if one.status() != "zombie" and "spawn_main" in " ".join(one.cmdline())]


def test_it_goes_on_when_there_are_more_connections_than_files(installation):
    def few_files() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 300))

    with serving(installation, preexec_fn=few_files) as server, connected(server.port, 600, HALF_A_HEAD):
        assert psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_NOFILE) == (300, 300), (
            "it takes what it may have"
        )
        assert seconds_to_health(server.port) < 1
        assert requests.get(f"{server.url}/told", timeout=5).status_code == 200


def test_a_taken_port_and_a_wrong_number_stop_the_start_with_a_sentence(installation, shared_server):
    taken = _refusal(installation, PORT=str(shared_server.port))
    assert f"port {shared_server.port}: Address already in use" in taken
    assert "WEB_HOST or PORT" in taken
    assert "WEB_THREADS must be a whole number from 1 to 256" in _refusal(installation, WEB_THREADS="0")
    assert "PORT must be a whole number from 1 to 65535" in _refusal(installation, PORT="70000")


def _refusal(installation, **given: str) -> str:
    environment = {**installation.environment, **given}
    done = subprocess.run(
        documented_command(), cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_leaves_no_file_behind(installation, number):
    before = {path.name for path in installation.var.iterdir() if not path.name.startswith("web-")}
    with serving(installation) as server:
        server.process.send_signal(number)
        server.process.wait(20)
        assert "Traceback" not in server.log.read_text()
    after = {path.name for path in installation.var.iterdir() if not path.name.startswith("web-")}
    assert {name for name in after - before if "sqlite3" not in name} == set()
