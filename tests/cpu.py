"""What something costs in CPU time, and how that grows: a busy machine makes work wait, and not become more.

Caches and cores are shared with whatever else runs, so a measurement is repeated before it counts as too slow.
"""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import TypeVar

Result = TypeVar("Result")

TRIES = 4


def within(limit: float, action: Callable[[], Result], tries: int = TRIES) -> Result:
    """What the action returns. Fails when it takes so many seconds or more each time.

    `tries` is 1 where something is remembered of the first time, which makes the next one cheaper.
    """
    for _ in range(tries):
        result, took = _timed(action)
        if took < limit:
            return result
    raise AssertionError(f"{took:.1f} s of CPU time, {limit} s at most: {action}")


def grows_no_faster_than_its_input(action: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether twice the input takes about twice the time; four times as long would be quadratic.

    `action(size)` prepares the input and returns what is measured.
    """
    one, two = action(size), action(2 * size)
    return any(_timed(two)[1] < 3 * _timed(one)[1] + 0.005 for _ in range(TRIES))


def _timed(action: Callable[[], Result]) -> tuple[Result, float]:
    begun = process_time()
    result = action()
    return result, process_time() - begun
