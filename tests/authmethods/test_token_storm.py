"""Workers in processes of their own find the access token expired, or are killed while they renew it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from authmethods import tokens
from authmethods.models import StoredGrant
from integrations.errors import NotSent
from tests.interactions.workers import environment

TOKEN = "/oauth/v2/token"
PROCESSES, THREADS = 4, 50


@pytest.fixture
def method(zoho, ada, transactional_db):
    """Its access token has expired."""
    method = zoho.method(by=ada)
    ago = datetime.now(UTC) - timedelta(minutes=1)
    StoredGrant.objects.update(expires_at=ago, refreshed_at=ago - timedelta(hours=1))
    return method


@pytest.fixture
def workers(method, tmp_path):
    """Start processes with so many threads each, ready to want the token; all are gone when the test ends."""
    started: list[subprocess.Popen[str]] = []

    def start(processes: int, threads: int) -> list[subprocess.Popen[str]]:
        for _ in range(processes):
            one = subprocess.Popen(
                [sys.executable, "-m", "tests.authmethods.storm", str(method.pk), str(threads)],
                env=environment(tmp_path / "datacentres.json"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            started.append(one)
        for one in started:
            assert one.stdout
            assert one.stdout.readline() == "ready\n"
        return started

    yield start
    for one in started:
        one.kill()
        one.communicate()


def go(worker):
    worker.stdin.write("go\n")
    worker.stdin.flush()


def refreshes(zoho):
    return [entry for entry in zoho.asked(TOKEN) if entry["operation"] == "refresh_token"]


def test_four_processes_of_fifty_threads_make_one_token_request(zoho, workers, capsys):
    storm = workers(PROCESSES, THREADS)
    for worker in storm:
        go(worker)
    told = [entry for worker in storm for entry in json.loads(worker.communicate()[0])]
    assert len(told) == PROCESSES * THREADS
    assert len({got for _, got in told}) == 1, {got for _, got in told}
    assert len(refreshes(zoho)) == 1
    waits = sorted(seconds for seconds, _ in told)
    with capsys.disabled():
        p99 = waits[int(len(waits) * 0.99)]
        print(f"\n{len(waits)} workers waited for one token: p50 {waits[len(waits) // 2]:.3f} s, p99 {p99:.3f} s")  # noqa: T201


@pytest.mark.slow
def test_when_the_refresher_is_killed_the_next_one_succeeds_within_twenty_seconds(zoho, method, workers):
    zoho.stand_in.fault("slow", path=TOKEN, seconds=5)
    (victim,) = workers(1, 1)
    go(victim)
    _until(lambda: len(zoho.asked(TOKEN)) == 2)  # the exchange of the code was the first
    victim.kill()
    killed = time.monotonic()
    _until(lambda: _token(method), 30)
    assert time.monotonic() - killed < 20
    assert len(refreshes(zoho)) == 1  # the one of the killed process never was carried out


def test_tokens_that_end_together_are_renewed_five_to_ten_minutes_before_and_not_all_at_once():
    ends = datetime.now(UTC) + timedelta(hours=1)
    given = [StoredGrant(method_id=n, expires_at=ends, refreshed_at=ends - timedelta(hours=1)) for n in range(1, 51)]
    margins = {tokens._margin(grant) for grant in given}
    assert timedelta(minutes=5) <= min(margins) < max(margins) < timedelta(minutes=10)
    assert len(margins) > 40


def _token(method):
    try:
        return tokens.connect(method).token()
    except NotSent:  # it is being renewed and takes long
        return ""


def _until(happened, seconds: float = 30.0):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)
