"""What real Asterisks wrote, and the truth of each situation beside it; see README.md."""

from __future__ import annotations

import json
import lzma
import tarfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ARCHIVES = sorted(Path(__file__).parent.glob("*.tar.xz"))
FORMS = ("Master.csv", "Master-new.csv", "custom.csv", "sqlite.csv")


class Recording(NamedTuple):
    """One file of one situation. `truth`: the interactions that it must become."""

    installation: str
    situation: str
    form: str
    content: bytes
    zone: str
    truth: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.installation}-{self.situation}-{self.form}"


@cache
def packed() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in ARCHIVES:
        with lzma.open(path) as unpacked, tarfile.open(fileobj=unpacked) as archive:
            found |= {one.name: read.read() for one in archive if (read := archive.extractfile(one))}
    return found


def unpacked(folder: Path) -> dict[str, bytes]:
    """What the laboratory has just written."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*/*") if path.is_file()}


def recordings(files: Mapping[str, bytes]) -> Iterator[Recording]:
    for name in sorted(files):
        installation, situation, form = name.split("/")
        if form in FORMS:
            truth = json.loads(files[f"{installation}/{situation}/truth.json"])
            run = truth["runs"][form if form == "Master.csv" else "Master-new.csv"]
            zone = run["timezone"] if form.startswith("Master") else truth["pbx_timezone"]
            there = [one for one in run["interactions"] if not one.get("in_no_cdr")]
            yield Recording(installation, situation, form, files[name], zone, there)
