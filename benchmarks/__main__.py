"""`python -m benchmarks [NAME ...]`: run the benchmarks (all, or those named) and print what each way costs.

A benchmark is a module here whose docstring's first line says what it compares and what the goal is, and whose
`measure()` gives seconds a call by way, the yardstick first. Ratios within one run are what counts: machines differ.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Any


def found() -> list[str]:
    """The benchmarks of this folder."""
    names = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in names if name != "__main__")


def show(module: Any) -> None:
    print((module.__doc__ or module.__name__).partition("\n")[0])
    costs: dict[str, float] = module.measure()
    yardstick = next(iter(costs.values()))
    for way, seconds in costs.items():
        print(f"  {way:32} {seconds * 1e6:10,.0f} µs {seconds / yardstick:6.2f} x")


def main(wanted: list[str]) -> None:
    names = found()
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(names)}.")
    for name in wanted or names:
        show(importlib.import_module(f"benchmarks.{name}"))


if __name__ == "__main__":
    main(sys.argv[1:])
