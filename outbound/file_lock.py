from __future__ import annotations

import fcntl
import hashlib
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POLL_SECONDS = (0.02, 0.06)


class LockTimeout(Exception): ...


@contextmanager
def lock(name: str, seconds: float) -> Iterator[None]:
    """Hold a lock of this machine; the kernel frees it for a killed process. Raises LockTimeout after `seconds`."""
    deadline = time.monotonic() + seconds
    # A directory of this user's own: nobody else can hold the lock, or lead it elsewhere.
    directory = Path(tempfile.gettempdir()) / f"deskline-{os.getuid()}"
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid != os.getuid():
        raise PermissionError(f"{directory} belongs to somebody else. Remove it, or set TMPDIR to a directory of ours.")
    path = directory / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.turn"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() > deadline:
                raise LockTimeout(name)
            time.sleep(random.uniform(*POLL_SECONDS))  # noqa: S311
        yield
    finally:
        os.close(descriptor)
