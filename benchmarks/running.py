"""Finds benchmarks and runs one in a process of its own."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from benchmarks.figure import Figure

FOLDERS = ("alone", "installed")


def found() -> dict[str, str]:
    """The benchmarks by name, with the folder of each."""
    here = Path(__file__).parent
    return {module.name: folder for folder in FOLDERS for module in pkgutil.iter_modules([str(here / folder)])}


def run(folder: str, name: str) -> tuple[str, list[Figure]]:
    """In a process of its own: title and figures."""
    if folder == "alone":
        module = importlib.import_module(f"benchmarks.alone.{name}")
        return title(module.__doc__), list(module.measure())
    from benchmarks.stand.installation import installed

    with installed() as installation:
        module = importlib.import_module(f"benchmarks.installed.{name}")
        return title(module.__doc__), list(module.measure(installation))


def title(docstring: str | None) -> str:
    return (docstring or "").partition("\n")[0]
