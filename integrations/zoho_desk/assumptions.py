"""What we take for true though nobody could try it (docs/zoho-facts.md 8). `manage.py zoho_check` measures it; the
operator corrects it in ZOHO_DATA_CENTRES: {"locations": {}, "assumed": {"settle_seconds": 90}}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.errors import Misconfigured

LONGEST_SETTLING_SECONDS = 3600
SCOPE = re.compile(r"Desk(\.[A-Za-z]+){1,2}\.[A-Z]+")


@dataclass
class Assumed:
    settle_seconds: float = 300.0
    """How long after a write the lists may still not show it, in seconds: no second write is made before (4.5, 8:
    whether they are fresh is not said; the five minutes are our guess, 2026-11)."""
    furthest_from: int = 4950
    """The last `from` that is asked of a list (4.7: 999 in the spec; up to 4999 seen live)."""
    second_address: str = "_all"
    """How a contact's `secondaryEmail` is searched (10: it has no parameter): "_all" asks once more, "email" where
    `email=` is known to cover it."""
    further_call_statuses: tuple[str, ...] = ()
    """Values of a call's status beside those of the spec (4.5: portals may differ)."""
    further_scopes: tuple[str, ...] = ()
    """Rights to ask for beside those that the product needs, such as the one to move what zoho_check wrote to trash."""

    def correct(self, values: Any) -> None:
        """Take the operator's own values. Raises Misconfigured, and then changes nothing."""
        if not isinstance(values, Mapping):
            raise Misconfigured('The "assumed" of the data-centre file must be an object of names and values.')
        unknown = sorted(set(map(str, values)) - set(_READERS))
        if unknown:
            raise Misconfigured(f"The data-centre file assumes “{unknown[0]}”; known: {', '.join(_READERS)}.")
        ready = {name: _READERS[name](name, value) for name, value in values.items()}
        for name, value in ready.items():
            setattr(self, name, value)


def _number(name: str, value: Any, longest: int) -> int:
    if type(value) is not int or not 1 <= value <= longest:
        raise Misconfigured(f"The data-centre file's “{name}” must be a whole number from 1 to {longest}.")
    return value


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise Misconfigured(f"The data-centre file's “{name}” must be one of: {', '.join(choices)}.")
    return str(value)


def _texts(name: str, value: Any, pattern: re.Pattern[str], example: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and pattern.fullmatch(text) for text in value):
        raise Misconfigured(f"The data-centre file's “{name}” must be a list like [{example}].")
    return tuple(value)


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "settle_seconds": lambda name, value: _number(name, value, LONGEST_SETTLING_SECONDS),
    "furthest_from": lambda name, value: _number(name, value, 4999),
    "second_address": lambda name, value: _one_of(name, value, ("_all", "email")),
    "further_call_statuses": lambda name, value: _texts(name, value, re.compile(r".{1,120}"), '"Answered"'),
    "further_scopes": lambda name, value: _texts(name, value, SCOPE, '"Desk.calls.DELETE"'),
}

assumed = Assumed()
"""The guesses of this process."""
