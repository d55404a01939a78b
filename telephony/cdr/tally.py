"""How many calls became what, and what people are told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    new: int = 0
    known: int = 0
    fuller: int = 0
    deleted: int = 0
    internal: int = 0
    bad: int = 0
    not_utf8: int = 0
    strangers: Counter[str] = field(default_factory=Counter)
    """In how many calls each extension talked that no user has."""

    def __str__(self) -> str:
        parts = [
            f"{self.new} interactions new, {self.known} known already, {self.internal} calls between extensions left "
            f"out, {self.bad} lines or calls not read."
        ]
        if self.fuller:
            parts.append(f"{self.fuller} completed by what came later.")
        if self.deleted:
            parts.append(f"{self.deleted} that an administrator deleted left out.")
        if self.not_utf8:
            parts.append(f"{self.not_utf8} lines are not UTF-8 and were read as Windows-1252.")
        unknown = [
            f"Nobody here has extension {who}, which talked in {calls} calls."
            for who, calls in sorted(self.strangers.items())
        ]
        return "\n".join([" ".join(parts), *unknown])
