"""Interruptions at any step, as Celery's time limit and Ctrl-C raise them between any two of Python's instructions."""

from __future__ import annotations

import dis
import sys
from types import FrameType, TracebackType
from typing import Any

NEVER_BEFORE = {"PRECALL", "CALL", "RESUME", "COPY_FREE_VARS", "MAKE_CELL", "RETURN_GENERATOR"}
"""In the middle of a call, or before a frame is whole, no signal is handled, and CPython 3.11 crashes of a tracer's."""


class Interrupted(Exception):
    """Celery's SoftTimeLimitExceeded is an Exception too: whoever catches all of them catches it."""


class At:
    """Raises Interrupted at the given instruction of what runs in it, in our code or in a library's.

    `came` tells whether it got so far: when it did not, every step was tried.
    """

    def __init__(self, instruction: int) -> None:
        self._left = instruction
        self.came = False

    def __enter__(self) -> At:
        sys.settrace(self._entered)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: BaseException | TracebackType | None) -> bool:
        sys.settrace(None)
        return kind is Interrupted

    def _entered(self, frame: FrameType, _event: str, _arg: Any) -> Any:
        if frame.f_code is At.__exit__.__code__:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _step(self, frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "opcode":
            self._left -= 1
            if self._left <= 0 and dis.opname[frame.f_code.co_code[frame.f_lasti]] not in NEVER_BEFORE:
                self.came = True
                sys.settrace(None)
                raise Interrupted
        return self._step
