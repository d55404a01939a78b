"""What a thread keeps from one use to the next, such as an open connection, unless a use was interrupted."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class PerThread(Generic[Thing]):
    """One thing for each thread of each process: a child that shared its parent's connection would mix answers.

    Celery raises its time limit between any two instructions. A connection that is used on after that could give the
    answer to an earlier question to whoever asks next, so a thing is taken out while it is used, and put back only
    after a use that ended well.
    """

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._local = threading.local()

    @contextmanager
    def taken(self) -> Iterator[Thing]:
        """Use it; a new one when there is none. Whatever is raised meanwhile, it is thrown away."""
        pid, thing = self._local.__dict__.pop("kept", (0, None))
        if thing is None or pid != os.getpid():
            thing = self._make()
        yield thing
        self._local.__dict__["kept"] = (os.getpid(), thing)
