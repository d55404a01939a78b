"""A real Asterisk of today's packages, driven afresh: what it writes is read as what happened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.telephony.comparison import errors
from tests.telephony.recordings import recordings, unpacked

pytestmark = pytest.mark.slow

SUITES = ("bullseye", "sid")
GONE = "does not have a Release file"
"""What apt says of a release that its mirror dropped; any other failure is one of ours."""
SITUATIONS = (
    "in-answered",
    "queue-second-member",
    "attended-transfer",
    "out-answered",
    "ivr-hangup",
    "own-queue-blind",
)


def laboratory(*arguments):
    command = [sys.executable, "-m", "tests.telephony.laboratory", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def asterisk(tmp_path_factory):
    if os.geteuid() or not shutil.which("mmdebstrap"):
        pytest.skip("an Asterisk is built by root with mmdebstrap")
    for suite in SUITES:
        target = tmp_path_factory.mktemp("asterisk") / suite
        done = laboratory("build", target, "--suite", suite)
        if done.returncode == 0:
            yield target
            shutil.rmtree(target, ignore_errors=True)
            return
        assert GONE in done.stderr, done.stderr
    pytest.skip(f"the mirror of this machine has none of {SUITES} any more")


@pytest.mark.parametrize(("dialplan", "columns"), [("plain", 18), ("freepbx", 21)])
def test_what_an_asterisk_of_today_writes_is_read_as_what_happened(asterisk, tmp_path, dialplan, columns):
    done = laboratory(
        "run", asterisk, *SITUATIONS, "--out", tmp_path, "--dialplan", dialplan, "--columns", columns, "--ami", 5938
    )
    assert done.returncode == 0, done.stdout + done.stderr
    read = list(recordings(unpacked(tmp_path)))
    assert {one.situation for one in read} == set(SITUATIONS)
    assert {str(one): found for one in read if (found := list(errors(one)))} == {}
