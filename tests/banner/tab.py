"""An agent's page in a browser: what is on it, and what it asks."""

from __future__ import annotations

import re

from playwright.sync_api import Dialog, Page, Route

SOON = 8000
"""Milliseconds: a page asks every two seconds."""
UNKNOWN = {"customer_phone": "+33111111111", "customer_name": "First Caller"}


def title(tab: Page) -> str:
    return tab.locator("#detail-title").inner_text()


def answers(tab: Page, say: str) -> list[str]:
    """What the page asks the agent, who answers so."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        (dialog.accept if say == "yes" else dialog.dismiss)()

    tab.on("dialog", answer)
    return asked


def held_back(tab: Page, address: str | re.Pattern[str]) -> list[Route]:
    """Answers to these requests that the test lets through when it likes."""
    waiting: list[Route] = []
    tab.route(address, lambda route: waiting.append(route))
    return waiting


def meet(tab: Page, waiting: list[Route]) -> None:
    """Until the page has asked: what it asks is heard only while it is waited for."""
    for _ in range(200):
        if waiting:
            return
        tab.wait_for_timeout(50)
    raise AssertionError("The page did not ask.")


def let_through(tab: Page, waiting: list[Route]) -> None:
    meet(tab, waiting)
    with tab.expect_response(waiting[0].request.url):
        waiting[0].continue_()
    tab.wait_for_timeout(100)
