"""Each module drives some situations and says what really happened in each."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

for module in sorted(Path(__file__).parent.glob("*.py")):
    if module != Path(__file__):
        import_module(f"{__name__}.{module.stem}")
