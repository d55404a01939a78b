from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO


def growing(path: Path, rest: Callable[[], bool]) -> Iterator[bytes]:
    """Whole lines as they are written, until `rest`, which waits a moment where nothing is new, says that it is over.

    A file that was renamed or emptied is read to its end, and then the one that has its name now.
    """
    is_over = False
    while not is_over:
        with path.open("rb") as file:
            begun, is_last = b"", False
            while not is_last:
                # Asked first: what was written before is still to be read.
                is_last = is_over or is_replaced(file, path)
                while line := file.readline():
                    begun += line
                    if begun.endswith(b"\n"):
                        yield begun
                        begun = b""
                is_over = is_over or (not is_last and not rest())
            if begun:
                yield begun
        while not is_over and not path.exists():
            is_over = not rest()


def is_replaced(file: IO[bytes], path: Path) -> bool:
    try:
        now = path.stat()
    except FileNotFoundError:
        return True
    return not os.path.samestat(now, os.fstat(file.fileno())) or now.st_size < file.tell()
