"""`python -m benchmarks [NAME ...]`: run the benchmarks (all, or those named) and print each figure beside its goal.

Those in `installed/` get an installation on servers of its own, started before they are imported; those in `alone/`
bring what they need. The first line of a benchmark's docstring is its title. Ratios within one run are what counts:
machines differ.
"""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from benchmarks.running import found, run


def main(wanted: list[str]) -> None:
    there = found()
    unknown = sorted(set(wanted) - set(there))
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(there)}.")
    missed = 0
    for name in wanted or there:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            heading, figures = process.submit(run, there[name], name).result()
        print(f"{name}: {heading}")
        for figure in figures:
            print(figure.line(), flush=True)
        missed += sum(not figure.is_reached for figure in figures)
    print(f"{missed} goals were not reached." if missed else "Every goal was reached.")


if __name__ == "__main__":
    main(sys.argv[1:])
