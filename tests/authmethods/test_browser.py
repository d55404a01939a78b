"""Enabling a method as an administrator sees it: a real browser, the Maker, Zoho's own pages, and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from authmethods.models import AuthenticationMethod

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/maker/authmethods/authenticationmethod/"


@pytest.fixture
def tab(browser, live_server, settings, zoho, ada):
    """Ada's page after she signed in, watched for anything that its policy or its scripts complain of."""
    settings.PUBLIC_URL = live_server.url
    problems = []
    with browser.new_context(base_url=live_server.url) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto("/maker/")
        page.get_by_label("Username").fill("ada@acme.example")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/maker/")
        yield page
    assert problems == []


def choose(tab, row, entry):
    """Open a window by the cogwheel of a row."""
    tab.get_by_role("button", name=f"More for {row}").click()
    tab.get_by_role("link", name=entry).filter(visible=True).click()
    return tab.get_by_role("dialog")


def test_an_administrator_creates_a_method_and_enables_it(tab, zoho):
    client = zoho.client()
    tab.goto(LIST + "add/")
    tab.get_by_label("Name").fill("Zoho Desk")
    tab.get_by_label("Zoho Desk company URL").fill(zoho.url_of("acme"))
    tab.get_by_label("Client ID").fill(client.id)
    tab.get_by_label("Client secret/token").fill(client.secret)
    tab.get_by_role("button", name="Save", exact=True).click()

    tab.get_by_role("link", name="Disabled", exact=True).click()
    window = tab.get_by_role("dialog")
    window.get_by_role("button", name="Continue to the consent").click()
    expect(window.get_by_text("Choose Sandbox or Production.")).to_be_visible()
    window.get_by_label("Production").check()
    window.get_by_role("button", name="Continue to the consent").click()
    tab.get_by_role("button", name="Ada Lovelace").click()
    tab.get_by_role("button", name="Accept").click()

    expect(tab.get_by_text("is enabled for Acme Europe")).to_be_visible()
    expect(tab.get_by_role("link", name="Enabled")).to_be_visible()
    window = choose(tab, "Zoho Desk", "Test connection")
    window.get_by_role("button", name="Test now").click()
    expect(window.get_by_text("2 departments were read.")).to_be_visible()


def test_disabling_asks_first(tab, zoho):
    method = zoho.disabled_method()
    AuthenticationMethod.objects.update(status="enabled")
    tab.goto(LIST)
    tab.get_by_role("link", name="Enabled").click()
    window = tab.get_by_role("dialog")
    window.get_by_role("link", name="Cancel").click()
    expect(window).to_be_hidden()
    tab.get_by_role("link", name="Enabled").click()
    window.get_by_role("button", name="Disable").click()
    expect(tab.get_by_text(f"“{method}” is disabled.")).to_be_visible()


def test_the_cogwheel_opens_dependencies_and_history(tab, zoho):
    zoho.disabled_method()
    tab.goto(LIST)
    expect(choose(tab, "Zoho Desk", "Dependencies").get_by_text("Nothing depends on it")).to_be_visible()
    tab.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(choose(tab, "Zoho Desk", "History").get_by_text("Created")).to_be_visible()


def test_addresses_are_copied_by_a_button(tab, live_server):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto("/maker/setup/zoho-desk/")
    tab.get_by_role("button", name="Copy").nth(1).click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == f"{live_server.url}/api/authclients/hbdnakz/fzefdzs"


def test_nothing_is_wider_than_a_narrow_screen(tab, zoho):
    zoho.disabled_method(name="A method with quite a long name, as people in large companies write them")
    tab.set_viewport_size({"width": 400, "height": 800})
    for address in ("/maker/", LIST, LIST + "add/", "/maker/setup/zoho-desk/", "/maker/users/user/1/change/"):
        tab.goto(address)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 400, address
