"""Patterns that administrators write for fields, bounded so that none can hold up a worker.

Python's matcher tries every way in which the repeats can share the text. Before a pattern is accepted, the number of
ways is bounded from its syntax; `(a+)+` has 256 to the power of 256 of them, `[A-Z]{2}[0-9]+` has 256.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]  # Python has no other parser of patterns
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_TEXT = 256
"""Characters of a value that a pattern is tried on."""
MOST_WAYS = 20_000_000
"""About a quarter of a second."""

_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_SINGLE = {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN, op.AT, op.CATEGORY}


class PatternProblem(ValueError):
    """The pattern cannot be used; the text says why and what to do."""


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, ready to match whole values. Raises PatternProblem."""
    try:
        ways, matcher = _ways(_parser.parse(pattern)), re.compile(pattern)
    except PatternProblem:
        raise
    except (re.error, RecursionError, OverflowError, ValueError) as error:  # ValueError: flags that exclude each other
        raise PatternProblem(_("This is not a pattern that can be read: %(why)s.") % {"why": error}) from error
    if ways > MOST_WAYS:
        raise PatternProblem(
            _("This pattern could take minutes to try. Use fewer repeats, and none inside another repeat.")
        )
    return matcher


def complaint(pattern: str, text: str) -> str:
    """Why the text does not fit the pattern, "" when it does. Raises PatternProblem."""
    if len(text) > LONGEST_TEXT:
        return _("A field with a pattern takes at most %(most)d characters.") % {"most": LONGEST_TEXT}
    if compiled(pattern).fullmatch(text):
        return ""
    return _("This does not fit the pattern %(pattern)s.") % {"pattern": pattern}


def validate_pattern(pattern: str) -> None:
    """For model fields."""
    try:
        compiled(pattern)
    except PatternProblem as problem:
        raise ValidationError(str(problem)) from problem


def _ways(items: Any) -> float:
    """An upper bound on the ways to match a sequence."""
    ways = 1.0
    for code, argument in items:
        ways *= _ways_of(code, argument)
    return ways


def _ways_of(code: Any, argument: Any) -> float:
    if code in _SINGLE:
        return 1.0
    if code in _REPEATS:
        least, most, inner = argument
        return _ways_of_repeat(int(least), min(int(most), LONGEST_TEXT), _ways(inner))
    if code is op.SUBPATTERN:
        return _ways(argument[-1])
    if code is op.BRANCH:
        return sum(_ways(branch) for branch in argument[1])
    raise PatternProblem(_("Use letters, classes, groups, choices and repeats; no look-around, no back-reference."))


def _ways_of_repeat(least: int, most: int, each: float) -> float:
    counts = float(max(most - least, 0) + 1)
    try:
        return counts * each**most
    except OverflowError:
        return math.inf
