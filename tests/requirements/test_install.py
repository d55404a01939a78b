from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.paths import BASE_DIR
from tests.requirements import later

OLDEST_PIP = Path(__file__).parent / "oldest_pip.txt"
WITH_THE_OLDEST_PIP = ("-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(OLDEST_PIP))


def _run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("group", ["base", "local", "dev"])
def test_a_list_installs_from_nothing_with_the_oldest_pip_whatever_was_published_since(tmp_path, group):
    shutil.copytree(BASE_DIR / "requirements", tmp_path / "requirements")
    python = tmp_path / ".venv" / "bin" / "python"
    _run(sys.executable, "-m", "venv", tmp_path / ".venv")
    _run(python, *WITH_THE_OLDEST_PIP)
    later.publish(tmp_path / "requirements" / f"{group}.txt", tmp_path / "later")

    _run(
        sys.executable,
        tmp_path / "requirements" / "install.py",
        group,
        PIP_FIND_LINKS=str(tmp_path / "later"),
        PIP_CACHE_DIR=str(tmp_path / "cache"),
    )

    assert "pip 22.3 " in _run(python, "-m", "pip", "--version")
    assert later.VERSION not in _run(python, "-m", "pip", "freeze")
    _run(python, "-m", "pip", "check")
