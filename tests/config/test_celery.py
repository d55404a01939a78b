"""Beat ends in order, wherever a signal meets it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from config.paths import BASE_DIR

BEAT = """
import os, signal, sys
from celery.apps.beat import Beat
from celery.beat import PersistentScheduler
from config.celery import app

class Swallowing(PersistentScheduler):
    def apply_async(self, *args, **options):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except BaseException:
            pass  # as a driver may

app.conf.broker_url = sys.argv[2]
app.conf.beat_schedule = {"now": {"task": "x", "schedule": 0.01}}
Beat(app=app, schedule=sys.argv[1], scheduler_cls=Swallowing, quiet=True).run()
"""


@pytest.mark.timeout(20)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_beat_ends_soon_and_quietly(tmp_path, settings, number):
    own = ["-b", settings.REDIS_URL, "beat", "--pidfile", "", "-s", str(tmp_path / "schedule"), "-l", "INFO"]
    command = [sys.executable, "-m", "celery", "-A", "config", *own]
    beat = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert beat.stdout
    assert any("Starting" in line for line in beat.stdout)
    time.sleep(0.2)
    beat.send_signal(number)
    rest, _ = beat.communicate(timeout=5)
    assert beat.returncode == 0
    assert "CRITICAL" not in rest


@pytest.mark.timeout(20)
def test_a_signal_that_is_swallowed_on_its_way_ends_beat_all_the_same(tmp_path, settings):
    command = [sys.executable, "-c", BEAT, str(tmp_path / "schedule"), settings.REDIS_URL]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=15, check=False)
    assert "closed shelf" not in done.stdout + done.stderr
    assert done.returncode == 0
