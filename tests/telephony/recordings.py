"""What real Asterisks wrote, and the truth of each situation beside it; see README.md."""

from __future__ import annotations

import json
import lzma
import tarfile
from collections.abc import Iterator
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
def files() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in ARCHIVES:
        with lzma.open(path) as unpacked, tarfile.open(fileobj=unpacked) as archive:
            found |= {one.name: read.read() for one in archive if (read := archive.extractfile(one))}
    return found


def recordings() -> Iterator[Recording]:
    for name in sorted(files()):
        installation, situation, form = name.split("/")
        if form in FORMS:
            told = json.loads(files()[f"{installation}/{situation}/truth.json"])
            run = told["runs"].get(form, told["runs"]["Master-new.csv"])
            zone = run["timezone"] if form.startswith("Master") else told["pbx_timezone"]
            there = [one for one in run["interactions"] if not one.get("in_no_cdr")]
            yield Recording(installation, situation, form, files()[name], zone, there)
