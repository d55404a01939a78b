from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class PerThread(Generic[Thing]):
    """One thing, such as a connection, for each thread of each process: a child that shared it would mix answers."""

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._local = threading.local()

    @contextmanager
    def taken(self) -> Iterator[Thing]:
        """Use it, and keep it only if nothing is raised: cut off by a time limit, it could give others our answer."""
        pid, thing = self._local.__dict__.pop("kept", (0, None))
        if thing is None or pid != os.getpid():
            thing = self._make()
        yield thing
        self._local.__dict__["kept"] = (os.getpid(), thing)
