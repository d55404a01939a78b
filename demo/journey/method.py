"""Step 2. The authentication method: created, then enabled through its status cell and Zoho's consent."""

from __future__ import annotations

from demo.journey import consent
from demo.journey.browser import StepFailed, Value
from demo.journey.traveller import ADMINISTRATOR, METHOD, PORTAL, Traveller

TITLE = "Authentication method"
PART = "authmethods/authenticationmethod"


def run(traveller: Traveller) -> str:
    page = traveller.row(PART, METHOD)
    values: dict[str, Value] = {
        "name": METHOD,
        "environment_url": _company_url(traveller),
        "client_id": traveller.client_id,
        "client_secret": traveller.client_secret,
    }
    if not page:
        traveller.add(PART, {**values, "integration": "zoho_desk"})
        page = traveller.row(PART, METHOD)
    else:
        traveller.browser.open(page)
        if traveller.browser.value("[name=client_id]", "the client ID") != traveller.client_id:
            traveller.save(values)
    own = f"{traveller.system.url}{page.rpartition('/change/')[0]}"
    enabled = _status(traveller) == "enabled" and _works(traveller, own)
    if not enabled:
        window = "reconnect" if _status(traveller) != "disabled" else "enable"
        traveller.dialog(f"{own}/{window}/", {"kind": "production"})
        consent.accept(traveller.browser, ADMINISTRATOR)
    if _status(traveller) != "enabled" or not _works(traveller, own):
        raise StepFailed("The method is not enabled.", said=traveller.browser.said(), look=f"{own}/change/")
    return f"“{METHOD}” is enabled for production" + ("" if enabled else ", with Ada's consent at Zoho")


def _company_url(traveller: Traveller) -> str:
    portals = traveller.system.zoho_json("/_standin/summary")["portals"]
    return next(str(portal["url"]) for portal in portals if portal["name"] == PORTAL)


def _status(traveller: Traveller) -> str:
    traveller.row(PART, METHOD)
    cell = traveller.browser.find(".maker-status", "the status of the method")
    return next(str(name).removeprefix("maker-") for name in cell["class"] if name != "maker-status")


def _works(traveller: Traveller, own: str) -> bool:
    traveller.dialog(f"{own}/test/")
    return traveller.browser.page.select_one(".maker-step-bad") is None
