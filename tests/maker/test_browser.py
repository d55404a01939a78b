"""What only a browser shows of the Maker's lists: windows, menus and tabs."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from crm.models import CRM, Kind
from users.models import Profile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/maker/users/profile/"


@pytest.fixture
def tab(browser, live_server, ada):
    Profile.objects.create(name="Support")
    with browser.new_context(base_url=live_server.url) as context:
        page = context.new_page()
        page.goto("/maker/")
        page.get_by_label("Username").fill("ada@acme.example")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/maker/")
        yield page


def test_the_cogwheel_is_used_with_the_keyboard_alone(tab):
    tab.goto(LIST)
    cogwheel = tab.get_by_role("button", name="More for Support")
    cogwheel.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("link", name="Dependencies").filter(visible=True)).to_be_focused()
    tab.keyboard.press("Escape")
    expect(cogwheel).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("link", name="Dependencies").filter(visible=True)).to_be_focused()
    tab.keyboard.press("Enter")
    window = tab.get_by_role("dialog")
    expect(window.get_by_text("Nothing depends on it")).to_be_visible()
    expect(window).to_be_focused()
    tab.keyboard.press("Tab")
    expect(window.get_by_role("button", name="Close").first).to_be_focused()
    for _stop in range(4):  # round and round, never out of the window
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement === document.body || !document.activeElement.closest('#page')")
    tab.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(cogwheel).to_be_focused()


def test_the_cogwheel_gives_the_keyboard_its_menu_however_late_the_page_is_drawn(tab):
    tab.add_init_script(
        "const draw = requestAnimationFrame; requestAnimationFrame = (f) => setTimeout(() => draw(f), 300)"
    )
    tab.goto(LIST)
    tab.get_by_role("button", name="More for Support").press("Enter")
    expect(tab.get_by_role("link", name="Dependencies").filter(visible=True)).to_be_focused()


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(tab):
    tab.goto(LIST)
    tab.keyboard.press("Tab")
    skip = tab.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('#content') !== null")


def test_a_window_of_an_ended_session_becomes_the_page_of_signing_in(tab):
    tab.goto(LIST)
    tab.context.clear_cookies()
    tab.get_by_role("button", name="More for Support").click()
    tab.get_by_role("link", name="Dependencies").filter(visible=True).click()
    expect(tab.get_by_label("Password")).to_be_visible()


def test_a_window_whose_row_was_deleted_meanwhile_says_so(tab, ada):
    tab.goto(LIST)
    Profile.objects.all().delete()
    tab.get_by_role("button", name="More for Support").click()
    tab.get_by_role("link", name="Dependencies").filter(visible=True).click()
    expect(tab.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_tabs_fold_only_while_there_is_no_room(tab):
    """The icons' font arrives late: until then their names take room, and unfold folds the tabs for good."""

    def late(route):
        time.sleep(0.5)
        route.continue_()

    crm = CRM.objects.create(name="Here", reference="here", kind=Kind.LOCAL, integration="")
    tab.set_viewport_size({"width": 1100, "height": 800})
    tab.route("**/*.woff2", late)
    tab.goto(f"/maker/crm/crm/{crm.pk}/change/")
    expect(tab.locator("#tabs-items").get_by_role("link", name="Profiles")).to_be_visible()


def test_menu_theme_and_the_way_out_are_reached_with_the_keyboard_alone(tab):
    tab.set_viewport_size({"width": 400, "height": 800})
    tab.goto(LIST)
    tab.get_by_role("button", name="Menu").filter(visible=True).focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("link", name="Roles")).to_be_visible()
    tab.get_by_role("button", name="Ada Admin").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Dark").focus()
    tab.keyboard.press(" ")
    expect(tab.locator("html")).to_have_class("dark")
    tab.get_by_role("button", name="Log out").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Logged out")).to_be_visible()
