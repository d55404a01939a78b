from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache

from crm.models import CRM
from crm.stores.vendor import open_vendor
from integrations.errors import IntegrationError
from integrations.types import Choice

REMEMBERED_SECONDS = 60
"""Seconds, so that a form can be shown, refused and saved without asking the vendor three times."""


@dataclass(frozen=True)
class Departments:
    """The enabled ones, or why the vendor could not be asked."""

    choices: tuple[Choice, ...] = ()
    problem: str = ""


def of(crm: CRM) -> Departments:
    """The departments of the portal behind this CRM."""
    key = f"crm-departments-{crm.method_id}"
    found = _remembered(key)
    if found is None:
        try:
            found = [(choice.value, choice.label) for choice in _listed(crm)]
        except IntegrationError as error:
            return Departments(problem=str(error))
        with suppress(Exception):  # then the next one asks again
            cache.set(key, found, REMEMBERED_SECONDS)
    return Departments(tuple(Choice(value, label) for value, label in found))


def _listed(crm: CRM) -> Sequence[Choice]:
    directory = crm.vendor.directory
    return directory.departments(open_vendor(crm, foreground=True).connection) if directory else ()


def _remembered(key: str) -> list[tuple[str, str]] | None:
    """What was told lately; None also while Redis is away, whatever its library raises."""
    with suppress(Exception):
        told = cache.get(key)
        return told if isinstance(told, list) and all(map(_is_one, told)) else None
    return None


def _is_one(pair: object) -> bool:
    return (
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) and text.isprintable() for text in pair)
    )
