"""A child of this process, as a prefork worker has them: what its parent opened is there, its threads are not."""

from __future__ import annotations

import os
from collections.abc import Callable


def in_a_child(what: Callable[[], object]) -> None:
    """Do it in a forked child, and see it end well there."""
    child = os.fork()
    if not child:
        code = 1
        try:
            what()
            code = 0
        finally:
            os._exit(code)  # before anything of the tests is torn down there too
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
