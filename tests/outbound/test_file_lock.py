from __future__ import annotations

import multiprocessing
import os
import stat
import tempfile
import threading
import time

import pytest

from outbound.file_lock import LockTimeout, lock

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(autouse=True)
def _directory(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_two_threads_do_not_have_the_same_turn():
    with lock("acme", 0.0), pytest.raises(LockTimeout), lock("acme", 0.1):
        pass
    with lock("acme", 0.0), lock("globex", 0.0):
        pass


def test_who_waits_has_the_turn_as_soon_as_it_is_free():
    entered, leave = threading.Event(), threading.Event()

    def have():
        with lock("acme", 0.0):
            entered.set()
            leave.wait(5)

    other = threading.Thread(target=have)
    other.start()
    assert entered.wait(5)
    threading.Timer(0.1, leave.set).start()
    with lock("acme", 5.0):
        assert leave.is_set()
    other.join()


def test_an_error_within_gives_the_turn_back():
    with pytest.raises(ValueError, match="within"), lock("acme", 0.0):
        raise ValueError("within")
    with lock("acme", 0.0):
        pass


def _have_it_for_ever(directory, having):
    tempfile.tempdir = directory
    with lock("acme", 0.0):
        having.set()
        time.sleep(60)


def test_a_killed_process_frees_its_turn_at_once(tmp_path):
    having = SPAWN.Event()
    other = SPAWN.Process(target=_have_it_for_ever, args=(str(tmp_path), having))
    other.start()
    assert having.wait(20)
    with pytest.raises(LockTimeout), lock("acme", 0.0):
        pass
    other.kill()
    other.join()
    with lock("acme", 1.0):
        pass


def test_the_locks_lie_where_nobody_else_can_reach_them(tmp_path):
    with lock("acme", 0.0):
        pass
    (directory,) = tmp_path.iterdir()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_directory_that_was_led_elsewhere_is_not_used(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"deskline-{os.getuid()}").symlink_to(elsewhere)
    with pytest.raises(PermissionError, match="TMPDIR"), lock("acme", 0.0):
        pass
    assert list(elsewhere.iterdir()) == []
