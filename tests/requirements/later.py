"""An index of another day: a folder with a newer release of everything that a list names."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

VERSION = "99999"


def publish(lock: Path, folder: Path) -> None:
    """Put an empty wheel of a far later version of each part into the folder, for pip's `--find-links`."""
    folder.mkdir()
    for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", lock.read_text(), flags=re.MULTILINE):
        distribution = re.sub(r"[-_.]+", "_", name)
        about = f"{distribution}-{VERSION}.dist-info"
        with zipfile.ZipFile(folder / f"{distribution}-{VERSION}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n")
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", "")
