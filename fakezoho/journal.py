"""What was asked of the stand-in, so that tests judge what was *sent*. Tokens appear only as fingerprints."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from itertools import islice, takewhile
from typing import Any

KEPT = 20_000


def fingerprint(secret: str) -> str:
    """Return enough of a hash to tell two tokens apart, and nothing to use them by."""
    return hashlib.sha256(secret.encode()).hexdigest()[:12]


@dataclass(slots=True)
class Entry:
    number: int
    at: float
    method: str
    path: str
    query: str
    dc: str = ""
    portal: str = ""
    operation: str = ""
    token: str = ""
    status: int = 0
    at_once: int = 0
    seconds: float = 0.0
    body: Any = None
    fault: str = ""
    note: str = ""


class Journal:
    """The newest requests, oldest first, numbered from 1 without gaps; and how many are under way, by place."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.count = 0
        self.under_way: Counter[Hashable] = Counter()

    def begin(self, at: float, method: str, path: str, query: str) -> Entry:
        self.count += 1
        entry = Entry(self.count, at, method, path, query)
        self.entries.append(entry)
        return entry

    def since(self, number: int, limit: int | None = None) -> list[dict[str, Any]]:
        """Return the entries after ``number``, or the newest ``limit`` of them."""
        newer = takewhile(lambda entry: entry.number > number, reversed(self.entries))
        return [asdict(entry) for entry in islice(newer, limit)][::-1]

    def clear(self) -> None:
        self.entries.clear()

    def restart(self) -> None:
        """Forget what was asked, and count no more what is under way: it belongs to the time before."""
        self.clear()
        self.under_way = Counter()
