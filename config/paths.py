"""Where this installation keeps its own files. Reads no settings, so that the launcher can use it too."""

from __future__ import annotations

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
"""Database, static files, logs, and the two files below. `VAR_DIR` moves it."""
LOCAL_FILE = VAR / "local.env"
"""Written by the first `make run`: the keys of this machine. Real environment variables win over both files."""
RUNNING_FILE = VAR / "running.env"
"""Written by `make run` while it runs: the addresses of what runs, so that other commands find it."""
