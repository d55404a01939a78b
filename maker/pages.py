from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse


@dataclass(frozen=True)
class Page:
    """Served at `/maker/<route>` as `admin:<name>` to whoever may enter the Maker; the view checks the rest."""

    route: str
    view: Callable[..., HttpResponse]
    name: str


_pages: list[Page] = []


def register(page: Page) -> None:
    _pages.append(page)


def registered() -> list[Page]:
    return list(_pages)
