"""One thing that was measured, beside what it should be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`least`: the goal is a floor; else it is a ceiling. Without a goal a figure only tells."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    least: bool = False

    @property
    def is_reached(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.least else self.value <= self.goal

    def line(self) -> str:
        goal = "" if self.goal is None else f"{'≥' if self.least else '≤'} {self.goal:g}"
        wrong = "" if self.is_reached else "  not reached"
        return f"  {self.what:58} {self.value:10,.2f} {self.unit:6} {goal:>9}{wrong}"
