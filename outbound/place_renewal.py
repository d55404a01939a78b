"""Extends the leases of the places that this process holds, for as long as it lives.

A lease is short, so that the places of a process that is gone, and those whose return got lost while Redis hung, are
free again soon; a request may take much longer.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

TICK_SECONDS = 0.2
"""How often the thread looks."""


@dataclass
class _Held:
    extend: Callable[[str], None]
    every: float
    due_at: float


class Renewal:
    """One thread for all places of a process.

    Without a lock: a time limit may strike at any instruction, and would leave it closed. A second thread, where two
    places are the first at the same moment, does no harm.
    """

    def __init__(self) -> None:
        self.forget()
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """A forked child has neither the thread nor the places of its parent."""
        self._held: dict[str, _Held] = {}
        self._runs = False

    def hold(self, place: str, lease: float, extend: Callable[[str], None]) -> None:
        """`extend(place)` is called each quarter of the lease until `drop`. It must not raise."""
        self._held[place] = _Held(extend, lease / 4, time.monotonic() + lease / 4)
        if not self._runs:
            self._runs = True
            threading.Thread(target=self._run, args=(self._held,), name="place-renewal", daemon=True).start()

    def drop(self, place: str) -> None:
        self._held.pop(place, None)

    def _run(self, held: dict[str, _Held]) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            now = time.monotonic()
            for place, one in list(held.items()):
                if one.due_at <= now:
                    one.extend(place)
                    one.due_at = now + one.every


renewal = Renewal()
"""Of this process."""
