"""Look up names in threads, waited for only so long: `getaddrinfo` takes 10 seconds for each dead name server."""

from __future__ import annotations

import os
import queue
import socket
from _thread import start_new_thread
from contextlib import suppress

MOST = 8
"""So many names are asked for at once, in threads that end when the name service answers or gives up."""

_Answers = queue.SimpleQueue[tuple[str, ...]]

_asked: dict[str, _Answers] = {}
"""By name, where the answer will be. It is for all who wait: each puts it back."""
# A forked child would wait for threads that only its parent has.
os.register_at_fork(after_in_child=_asked.clear)


class Unresolved(TimeoutError): ...


def addresses_of(host: str, seconds: float) -> tuple[str, ...]:
    """Return every address of the name, none for an unknown one. Raises Unresolved after so many seconds."""
    try:
        answers = _asking(host)
        addresses = answers.get(timeout=seconds)
    except (queue.Empty, RuntimeError):  # no answer yet, or no thread to be had
        raise Unresolved(host) from None
    answers.put(addresses)
    return addresses


def _asking(host: str) -> _Answers:
    if host not in _asked and len(_asked) >= MOST:
        raise Unresolved(host)
    mine: _Answers = queue.SimpleQueue()
    try:
        answers = _asked.setdefault(host, mine)
        if answers is mine:
            # Not by `threading`, whose locks an interruption could leave closed for ever.
            start_new_thread(_ask, (host, mine))
    except BaseException:  # a time limit may strike before the thread is there, and who came later would wait in vain
        _asked.pop(host, None)
        raise
    return answers


def _ask(host: str, answers: _Answers) -> None:
    addresses: tuple[str, ...] = ()
    with suppress(Exception):  # whatever is wrong with the name, it leads nowhere
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = tuple(str(entry[4][0]) for entry in found)
    _asked.pop(host, None)
    answers.put(addresses)
