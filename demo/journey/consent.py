from __future__ import annotations

from demo.journey.browser import StepFailed, Visitor
from demo.journey.traveller import PORTAL


def accept(browser: Visitor, email: str) -> None:
    """Sign in at Zoho as somebody, pick the portal where it is asked for, and accept."""
    for button in browser.page.select("button[name=person]"):
        if email in button.get_text(" "):
            browser.submit("form[action$='/signin']", press=button)
            break
    form = "form[action$='/oauth/v2/consent']"
    if browser.page.select_one(form) is None:
        raise StepFailed("Zoho does not ask for the consent.", said=browser.said(), look=browser.url)
    labels = browser.page.select(f"{form} label:has(input[name=portal])")
    wanted = [label for label in labels if PORTAL in [small.get_text(strip=True) for small in label.select("small")]]
    radio = wanted[0].select_one("input") if wanted else None
    values = {"portal": str(radio["value"])} if radio else {}
    browser.submit(form, values, press=browser.find(f"{form} button[value=accept]", "the button Accept"))
