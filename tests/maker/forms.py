"""The forms of the Maker's pages, filled as a browser fills them."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client


def filled(browser: Client, address: str) -> dict[str, Any]:
    """What a browser would send of the page's form as it stands, formsets included."""
    page = BeautifulSoup(browser.get(address).content, "html.parser")
    form = page.select_one("#content form[method=post], form[id$=_form]")
    assert isinstance(form, Tag), f"{address} has no form"
    data: dict[str, Any] = {}
    for part in form.select("input[name], textarea[name], select[name]"):
        name = str(part["name"])
        if "__prefix__" in name or part.has_attr("disabled"):
            continue
        if part.name == "select":
            chosen = [str(option["value"]) for option in part.select("option[selected]")]
            data[name] = chosen if part.has_attr("multiple") else (chosen or [_first(part)])[0]
        elif part.name == "textarea":
            data[name] = part.get_text().removeprefix("\n")
        elif part.get("type") in ("checkbox", "radio"):
            if part.has_attr("checked"):
                data.setdefault(name, []).append(part.get("value", "on"))
        elif part.get("type") not in ("submit", "button", "file"):
            data[name] = part.get("value", "")
    return data


def send(browser: Client, address: str, **changes: Any) -> None:
    """Open the page, change some of its fields, and save."""
    answer = browser.post(address, filled(browser, address) | changes)
    assert answer.status_code in (200, 302)
    if answer.status_code == 200 and answer.context and "adminform" in answer.context:
        raise AssertionError(f"{answer.context['errors']}")


def _first(select: Tag) -> str:
    option = select.select_one("option")
    return str(option["value"]) if option else ""
