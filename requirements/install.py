"""Makes `.venv` hold what a hash-locked list names: `python3 requirements/install.py base|local|dev`.

Run by the Makefile with any Python, so it uses the standard library only. A repeat compares one hash and is done.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent / ".venv"
OLDEST = (3, 11)
CONTAINED_IN = {"base": ("base", "local", "dev"), "local": ("local", "dev"), "dev": ("dev",)}
"""A list is installed when its own stamp, or that of a list that contains it, is fresh."""


def digest(group: str) -> str:
    return hashlib.sha256((HERE / f"{group}.txt").read_bytes()).hexdigest()


def stamp(group: str) -> Path:
    return VENV / f"installed-{group}"


def is_installed(group: str) -> bool:
    fresh = (stamp(name).is_file() and stamp(name).read_text() == digest(name) for name in CONTAINED_IN[group])
    return any(fresh) and (VENV / "bin" / "python").exists()


def run(*command: str) -> None:
    """Run silently; on failure show all that was said, and stop."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"{done.stdout}\nThis failed: {' '.join(command)}")


def install(group: str) -> None:
    """Install the list; in a new `.venv` when what an older list left there does not go with it.

    pip resolves nothing. Where it does, it looks at the newest release of all that is asked for with an extra, and
    ends as soon as that is newer than the list. `pip check` then tells whether the list is whole.
    """
    print(f"Installing the parts of requirements/{group}.txt into .venv (once, a minute or two) ...", flush=True)  # noqa: T201
    is_new = not all((VENV / "bin" / name).exists() for name in ("python", "pip"))
    if is_new:
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    pip = (str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input")
    exactly = ("--quiet", "--only-binary=:all:", "--require-hashes", "--no-deps")
    run(*pip, "install", *exactly, "-r", str(HERE / f"{group}.txt"))
    try:
        run(*pip, "check")
    except SystemExit:
        if is_new:
            raise
        shutil.rmtree(VENV)
        install(group)
        return
    stamp(group).write_text(digest(group))


def main(group: str) -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Deskline needs Python 3.11 or newer; this one is {found}. Name another: make PYTHON=python3.12 ...")
    if is_installed(group):
        return
    with (HERE / f"{group}.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_installed(group):
            install(group)


if __name__ == "__main__":
    main(sys.argv[1])
