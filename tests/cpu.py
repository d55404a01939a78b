"""How the work grows with the input, by CPU time: a busy machine makes it wait, not work more."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

TRIES = 4
"""A measurement is repeated before it counts as too slow: caches are shared with whatever else runs."""


def seconds(action: Callable[[], object]) -> float:
    """The CPU time of one call."""
    begun = process_time()
    action()
    return process_time() - begun


def grows_no_faster_than_its_input(action: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether twice the input takes about twice the time; four times as long would be quadratic.

    `action(size)` prepares the input and returns what is measured.
    """
    one, two = action(size), action(2 * size)
    return any(seconds(two) < 3 * seconds(one) + 0.005 for _ in range(TRIES))
