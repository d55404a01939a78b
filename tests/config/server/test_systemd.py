from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from config.paths import BASE_DIR
from tests.config.server.running import documented_command

UNIT = (BASE_DIR / "deploy" / "deskline-web.service").read_text()


def test_the_unit_runs_what_readme_documents():
    (line,) = (line for line in UNIT.splitlines() if line.startswith("ExecStart="))
    assert line.split(" ", 1)[1].split() == documented_command()[1:]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed: its unit is not checked")
def test_systemd_takes_the_unit_as_it_is(tmp_path: Path):
    unit = tmp_path / "deskline-web.service"
    unit.write_text(UNIT.replace("/srv/deskline", str(BASE_DIR)))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert "deskline-web" not in done.stderr, done.stderr
