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
    """One thread extends the places of a process. No lock: a time limit strikes anywhere, and would leave it closed."""

    def __init__(self) -> None:
        self.forget()
        os.register_at_fork(after_in_child=self.forget)  # a child has neither our thread nor our places

    def forget(self) -> None:
        self._held: dict[str, _Held] = {}
        self._runs = False

    def hold(self, place: str, lease: float, extend: Callable[[str], None]) -> None:
        """Call `extend(place)`, which must not raise, each quarter of `lease` seconds until `drop`."""
        self._held[place] = _Held(extend, lease / 4, time.monotonic() + lease / 4)
        if not self._runs:  # two threads, if two places come first at once, do no harm
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
