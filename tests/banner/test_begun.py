"""What one begins to type while an answer is under way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from crm.models import CRM
from tests.banner.conftest import Arrive
from tests.banner.tab import SOON, UNKNOWN, answers, held_back, let_through, meet, title
from tests.banner.test_attacks import target_in
from tests.banner.test_workspace import write
from tests.interactions.workers import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_one_begins_to_type_while_the_panel_looks_again_stays(tab: Page, arrive: Arrive, shop: CRM) -> None:
    call = arrive(status="completed", ended_at="2026-11-23T09:31:00Z", **UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    expect(tab.get_by_label("Last Name")).to_be_visible()
    waiting = held_back(tab, f"**/interactions/{call.pk}/crms/{shop.pk}/")
    card = target_in(shop, call).card
    write(call, shop, card_object="contacts", card_id=str(card.pk))
    expect(tab.locator("#crm-" + str(shop.pk))).to_have_class(re.compile("htmx-request"), timeout=SOON)
    tab.get_by_label("Last Name").press_sequentially("Typed")
    let_through(tab, waiting)
    expect(tab.get_by_label("Last Name")).to_have_value("Typed")
    expect(tab.get_by_label("Last Name")).to_be_focused()
    expect(tab.locator(".notice.moved")).to_be_visible()


def test_what_one_begins_to_type_while_the_next_call_opens_stays_and_the_call_waits_beside_it(
    tab: Page, arrive: Arrive, shop: CRM
) -> None:
    call = arrive(status="completed", ended_at="2026-11-23T09:31:00Z", **UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    expect(tab.get_by_label("Last Name")).to_be_visible()
    waiting = held_back(tab, re.compile(r"/interactions/\d+/$"))
    arrive("second", customer_name="Second")
    meet(tab, waiting)
    tab.get_by_label("Last Name").press_sequentially("Typed")
    let_through(tab, waiting)
    expect(tab.get_by_label("Last Name")).to_have_value("Typed")
    expect(tab.get_by_role("region", name="New interactions")).to_contain_text("Second")
    tab.unroute_all()
    asked = answers(tab, "yes")
    tab.get_by_role("link", name="Open", exact=True).click()
    expect(tab.locator("#detail-title")).to_have_text("Second")
    assert len(asked) == 1


def test_what_one_begins_to_type_after_choosing_another_interaction_is_asked_about(
    tab: Page, arrive: Arrive, shop: CRM
) -> None:
    other = arrive("other", customer_name="Other")
    call = arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    expect(tab.get_by_label("Last Name")).to_be_visible()
    waiting = held_back(tab, f"**/interactions/{other.pk}/")
    asked = answers(tab, "no")
    tab.locator(f"#line-{other.pk}").click()
    tab.get_by_label("Last Name").press_sequentially("Typed")
    let_through(tab, waiting)
    assert len(asked) == 1
    expect(tab.get_by_label("Last Name")).to_have_value("Typed")
    assert title(tab) == "First Caller"


def test_the_way_back_of_the_browser_asks_first(tab: Page, arrive: Arrive, shop: CRM) -> None:
    arrive("other", customer_name="Other")
    call = arrive(**UNKNOWN)
    tab.goto("/banner/")
    tab.locator("#live .line", has_text="Other").click()
    expect(tab.locator("#detail-title")).to_have_text("Other")
    tab.locator(f"#line-{call.pk}").click()
    tab.get_by_label("Last Name").press_sequentially("Typed")
    asked = answers(tab, "no")
    tab.evaluate("history.back()")
    until(lambda: bool(asked) or bool(tab.evaluate("new Promise((done) => setTimeout(done, 50))")))
    expect(tab.get_by_label("Last Name")).to_have_value("Typed")
