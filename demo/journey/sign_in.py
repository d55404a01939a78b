"""Step 3. Single sign-on: the connector, its login URL, a user associated with it, and their sign-in with Zoho."""

from __future__ import annotations

from demo.journey import consent
from demo.journey.browser import StepFailed, Visitor
from demo.journey.traveller import AGENT, CONNECTOR, METHOD, PROFILE, Traveller

TITLE = "Single sign-on"
PART = "sso/ssoconnector"


def run(traveller: Traveller) -> str:
    page = traveller.row(PART, "Zoho (demo)") or _create(traveller)
    traveller.browser.open(f"{page.rpartition('/change/')[0]}/login-url/")
    traveller.login_url = traveller.browser.value("#sso-login-url", "the SSO login URL")
    _associate(traveller)
    agent = Visitor()
    agent.open(traveller.login_url)
    consent.accept(agent, AGENT)
    agent.open(f"{traveller.system.url}/banner/")
    _choose_profile(agent)
    if AGENT not in agent.page.get_text():
        raise StepFailed("Grace came back from Zoho and is not signed in.", said=agent.said(), look=agent.url)
    return f"Grace signed in with Zoho at {traveller.login_url} and sees her Banner"


def _choose_profile(agent: Visitor) -> None:
    for button in agent.page.select("main button[name=profile]"):
        if PROFILE in button.get_text(" "):
            agent.submit("main form:has(button[name=profile])", press=button)
            return


def _create(traveller: Traveller) -> str:
    traveller.browser.open(traveller.maker(f"{PART}/add/"))
    method = traveller.option("select[name=method]", METHOD)
    traveller.save({"name": "Zoho (demo)", "reference": CONNECTOR, "method": method})
    return traveller.row(PART, "Zoho (demo)")


def _associate(traveller: Traveller) -> None:
    traveller.browser.open(traveller.row("users/user", AGENT))
    connector = traveller.option("select[name=association-0-connector]", "Zoho (demo)")
    traveller.save({"association-0-connector": connector})
