from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import connections

Result = TypeVar("Result")

_pools: dict[tuple[int, int], ThreadPoolExecutor] = {}
"""By process and width. They stay: a thread keeps its connection to the vendor from one drain to the next."""


class Senders(Generic[Result]):
    """Carries out steps, `width` at once; with one slot in the caller's own thread, as if called."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.under_way = 0
        self._results: SimpleQueue[Result | BaseException] = SimpleQueue()

    def submit(self, step: Callable[[], Result]) -> None:
        self.under_way += 1
        if self.width == 1:
            self._results.put(step())
        else:
            context = copy_context()
            _pool(self.width).submit(lambda: self._results.put(context.run(_in_thread, step)))

    def finished(self, seconds: float) -> Iterator[Result]:
        """What has finished by now, after waiting so long for the first of it. Raises what a step let through."""
        try:
            result = self._results.get(timeout=seconds)
            while True:
                self.under_way -= 1
                if isinstance(result, BaseException):
                    raise result
                yield result
                result = self._results.get_nowait()
        except Empty:
            return


def _in_thread(step: Callable[[], Result]) -> Result | BaseException:
    try:
        return step()
    except BaseException as error:  # noqa: BLE001 - raised again where the result is taken; else nobody would learn of it
        return error
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.connection is not None:  # kept open, it would be one more for each slot of each worker
                connection.close()


def _pool(width: int) -> ThreadPoolExecutor:
    key = os.getpid(), width
    if key not in _pools:
        _pools[key] = ThreadPoolExecutor(width, thread_name_prefix="sender")
    return _pools[key]
