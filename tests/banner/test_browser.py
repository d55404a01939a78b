"""A real browser before a real server: what only JavaScript can show."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from crm.models import CRM
from interactions.models import Interaction
from tests.banner.conftest import Arrive
from tests.banner.test_attacks import target_in
from tests.banner.test_workspace import write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_arriving_call_shows_up_without_reload_and_its_card_is_opened(tab: Page, arrive: Arrive, shop: CRM) -> None:
    expect(tab.get_by_role("heading", name="Ready for the next interaction")).to_be_visible()
    call = arrive(customer_name="")
    target_in(shop, call)
    expect(tab.get_by_role("heading", name="Alice Martin")).to_be_visible(timeout=8000)
    expect(tab.locator("#announce")).to_have_text("Voice: +33612345678")
    tab.get_by_role("button", name="Assign").click()
    expect(tab.get_by_text("This interaction belongs to it")).to_be_visible()
    Interaction.objects.update(status="completed", ended_at=call.started_at)
    write(call, shop, remote_url="https://desk.example/calls/1", card_object="contacts", card_id="1")
    expect(tab.get_by_role("link", name="Open the record")).to_be_visible(timeout=8000)


def test_what_is_being_typed_survives_the_next_call(tab: Page, arrive: Arrive, shop: CRM) -> None:
    arrive("first", customer_phone="+33111111111", customer_name="First Caller")
    tab.get_by_label("Last Name").fill("Half a na")
    arrive("second", customer_name="Second Caller")
    expect(tab.locator("#live")).to_contain_text("Second Caller", timeout=8000)
    expect(tab.get_by_label("Last Name")).to_have_value("Half a na")
    expect(tab.locator("#detail-title")).to_have_text("First Caller")


def test_by_keyboard_one_step_leads_past_the_lists_to_the_card(tab: Page, arrive: Arrive) -> None:
    for number in range(3):
        arrive(f"call {number}", customer_phone="+33111111111", customer_name="First Caller")
    tab.reload()
    expect(tab.get_by_label("First Name")).to_be_visible()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.get_by_label("First Name")).to_be_focused()


def test_a_hidden_tab_asks_for_nothing(tab: Page) -> None:
    asked: list[str] = []
    tab.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
    tab.on("request", lambda request: asked.append(request.url) if "/banner/live/" in request.url else None)
    tab.wait_for_timeout(2600)
    assert asked == []
    with tab.expect_request("**/banner/live/**"):
        tab.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")


def test_a_page_whose_session_ended_goes_to_the_sign_in_by_itself(rough_tab: Page) -> None:
    Session.objects.all().delete()
    expect(rough_tab.get_by_text("Your session has ended")).to_be_visible(timeout=8000)
    expect(rough_tab.get_by_role("heading", name="Sign in to Deskline")).to_be_visible()


def test_what_was_typed_stays_when_the_session_ends(rough_tab: Page, arrive: Arrive) -> None:
    arrive("first", customer_phone="+33111111111", customer_name="First Caller")
    rough_tab.get_by_label("Last Name").fill("Half a na")
    Session.objects.all().delete()
    expect(rough_tab.get_by_text("Your session has ended")).to_be_visible(timeout=8000)
    expect(rough_tab.get_by_label("Last Name")).to_have_value("Half a na")
    asked: list[str] = []
    rough_tab.on("request", lambda request: asked.append(request.url))
    rough_tab.wait_for_timeout(2500)
    assert asked == []


def test_the_page_says_which_requests_are_its_own(rough_tab: Page, arrive: Arrive) -> None:
    opens = re.compile(r"/banner/interactions/\d+/$")
    with rough_tab.expect_request("**/banner/live/**") as poll:
        pass
    assert poll.value.headers["x-unattended"] == "yes"
    with rough_tab.expect_request(opens) as opened:
        arrive("first", customer_phone="+33111111111", customer_name="First Caller")
    assert opened.value.headers["x-unattended"] == "yes"
    expect(rough_tab.locator("#detail-title")).to_have_text("First Caller")
    with rough_tab.expect_request(opens) as clicked:
        rough_tab.locator("#live .line").first.click()
    assert "x-unattended" not in clicked.value.headers


def test_a_form_that_is_held_open_keeps_no_session_alive(rough_tab: Page, arrive: Arrive) -> None:
    with rough_tab.expect_request("**/form/") as held:
        arrive("first", customer_phone="+33111111111", customer_name="First Caller")
    assert held.value.headers["x-unattended"] == "yes"
