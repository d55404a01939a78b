"""They run on RE2, which reads a value once, so that no pattern holds up a worker. What was stored for Python's
matcher means what it meant; what RE2 cannot do (look-around, back-references) is not applied.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_TEXT = 256
"""Characters of a value that a pattern is tried on."""
MOST_MEMORY = 2 * 1024 * 1024
"""Bytes that one pattern may take; making it ready then costs a few hundredths of a second at most."""

_READ_DIFFERENTLY = re.compile(
    r"\[(?P<negated>\^?)(?P<set>\]?(?:\\.|[^\]\\])*)\]"
    r"|\\(?P<escaped>.)"
    r"|\{(?!\})(?P<least>[0-9]*)(?P<comma>,?)(?P<most>[0-9]*)\}",
    re.DOTALL,
)
_WITHIN_SET = re.compile(r"\\(?P<escaped>.)|\[", re.DOTALL)
_SPACES, _WORD = r"\s\v\x1c-\x1f\x{85}\p{Z}", r"\p{L}\p{N}_"
_SETS = {"d": r"\p{Nd}", "D": r"\P{Nd}", "s": _SPACES, "w": _WORD}
_ESCAPES = {
    "d": r"\p{Nd}", "D": r"\P{Nd}", "s": f"[{_SPACES}]", "S": f"[^{_SPACES}]", "w": f"[{_WORD}]", "W": f"[^{_WORD}]",
    "Z": r"\z",
}  # fmt: skip


class _Untranslatable(ValueError):
    """Something that Python and RE2 read in different ways, and that cannot be written in RE2's way."""


def problem_of(pattern: str) -> str:
    """Why the pattern cannot be used, and what to write instead; "" when it can."""
    _matcher, why = _ready(pattern)
    if not why:
        return ""
    return _(
        "This pattern cannot be used (%(why)s). Use letters, classes such as [A-Z] or \\d, groups, choices (a|b) and "
        "repeats up to {1000}; look-around such as (?=…), back-references and possessive repeats are not possible."
    ) % {"why": why}


def validation_error(pattern: str, text: str) -> str:
    """Why the text does not fit the pattern, "" when it does, or when the pattern is one that cannot be used."""
    matcher, why = _ready(pattern)
    if why:
        return ""
    if len(text) > LONGEST_TEXT:
        return _("A field with a pattern takes at most %(most)d characters.") % {"most": LONGEST_TEXT}
    if matcher.fullmatch(text.encode(errors="replace")):
        return ""
    return _("This does not fit the pattern %(pattern)s.") % {"pattern": pattern}


def validate_pattern(pattern: str) -> None:
    if problem := problem_of(pattern):
        raise ValidationError(problem)


@lru_cache(maxsize=128)
def _ready(pattern: str) -> tuple[Any, str]:
    options = re2.Options()
    options.max_mem, options.log_errors, options.never_capture = MOST_MEMORY, False, True
    try:
        return re2.compile(_translated(pattern).encode(), options), ""
    except re2.error as error:
        return None, error.args[0].decode(errors="replace")
    except (_Untranslatable, UnicodeEncodeError) as error:
        return None, str(error)


def _translated(pattern: str) -> str:
    """The pattern in RE2's words, which knows only English letters as \\w."""
    return _READ_DIFFERENTLY.sub(_piece, pattern)


def _piece(found: re.Match[str]) -> str:
    if found["set"] is not None:
        return f"[{found['negated']}{_WITHIN_SET.sub(_of_set, found['set'])}]"
    if found["least"] is not None:
        return _repeat(found)
    if found["escaped"] in "bBCQE":  # its words end at é, and the others are its own
        raise _Untranslatable(found[0])
    return _ESCAPES.get(found["escaped"], found[0])


def _repeat(found: re.Match[str]) -> str:
    """RE2 takes {,3} and {03} for plain text, and so numbers that are too long for it."""
    least, most = (number.lstrip("0") or number[:1] for number in (found["least"], found["most"]))
    if max(len(least), len(most)) > len("1000"):
        raise _Untranslatable(found[0])
    return f"{{{least or 0}{found['comma']}{most}}}"


def _of_set(found: re.Match[str]) -> str:
    if found["escaped"] is None:
        return r"\["  # else RE2 could take it for the beginning of [:alpha:]
    if found["escaped"] in "SW":
        raise _Untranslatable(f"[{found[0]}]")
    return _SETS.get(found["escaped"], found[0])
