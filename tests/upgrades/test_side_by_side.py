"""A rolling upgrade: a worker of the version before and one of this version work on one migrated database."""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest

from config.paths import BASE_DIR
from interactions.models import Delivery
from tests.interactions.promise import assert_exactly_once, done, make_crm, post
from tests.interactions.workers import Worker, until

BEFORE = "dd11c3f"
"""The commit of the version before."""
SECONDS = 60
POSTS = 20
"""At once; no more than ten times as many wait."""

pytestmark = [pytest.mark.slow, pytest.mark.engine, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def before(tmp_path):
    """The code of the version before, in a directory of its own."""
    archive, directory = tmp_path / "before.tar", tmp_path / "before"
    asked = subprocess.run(["git", "archive", f"--output={archive}", BEFORE], cwd=BASE_DIR, capture_output=True)
    if asked.returncode:
        pytest.skip(f"The commit {BEFORE} is not in this checkout: {asked.stderr.decode().strip()}")
    shutil.unpack_archive(archive, directory)
    return directory


def test_workers_of_two_versions_side_by_side_lose_nothing_and_double_nothing(before, zoho, centres, ada, tmp_path):
    make_crm(zoho.method(by=ada), "desk")
    old, new = (Worker(centres, tmp_path / f"{name}.log") for name in ("old", "new"))
    old.code = before
    posted, end = 0, time.monotonic() + SECONDS
    try:
        for worker in (old, new):
            worker.start()
        while time.monotonic() < end:
            post(POSTS, start=posted)
            posted += POSTS
            until(lambda: Delivery.objects.filter(state="pending").count() < 10 * POSTS)
        until(done, 120)
    finally:
        old.stop()
        new.stop()
    assert min(worker.log.count("Task interactions.drain") for worker in (old, new)) > POSTS, "both worked"
    assert_exactly_once(zoho, posted)
