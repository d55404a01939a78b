"""`pytest --reuse-db`: a database that outlives the run, for who runs one test again and again."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def kept_database() -> Path:
    """Where it is. Other migrations have another one, so that none is ever out of date."""
    seen = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        seen.update(path.read_bytes())
    folder = ROOT / ".pytest_cache" / "databases"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{seen.hexdigest()[:16]}.sqlite3"
