"""One guess about Zoho, asked of a real account: what we assume, what Zoho answered, what to do when they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.zoho_desk.probes.account import Account

NOTHING = "Nothing "
"""How a text begins that says that nobody needs to change anything."""
HARMLESS = f"{NOTHING}here: the client understands both. Report it, so that docs/zoho-facts.md says what is true."
REPORT = "Report it: the client must learn it."


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNCLEAR = "could not tell"


@dataclass(frozen=True)
class Finding:
    """`answered` never holds a customer's data or a secret. `change`: when it is more exact than the probe's own."""

    verdict: Verdict
    answered: str
    change: str = ""


Ask = Callable[["Account"], Finding | None]


@dataclass(frozen=True)
class Probe:
    """With the section of docs/zoho-facts.md that it comes from. `ask` gives None when the run did not get so far."""

    name: str
    section: str
    assumed: str
    change: str
    ask: Ask


def probe(name: str, section: str, assumed: str, change: str = HARMLESS) -> Callable[[Ask], Probe]:
    def named(ask: Ask) -> Probe:
        return Probe(name, section, assumed, change, ask)

    return named


def same(answered: str) -> Finding:
    return Finding(Verdict.SAME, answered)


def different(answered: str, change: str = "") -> Finding:
    return Finding(Verdict.DIFFERENT, answered, change)


def unclear(answered: str) -> Finding:
    return Finding(Verdict.UNCLEAR, answered)


def judged(is_so: bool, answered: str) -> Finding:
    return same(answered) if is_so else different(answered)
