"""A form in a browser: nothing that is typed in it gets lost."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from crm.models import CRM, CRMField, FieldType, LocalCard
from interactions.models import OpenForm
from tests.banner.conftest import Arrive, sign_in
from tests.banner.tab import SOON, UNKNOWN, meet
from tests.banner.test_attacks import target_in
from tests.interactions.workers import until
from users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_session_that_ends_while_one_types_leaves_the_page_and_saves_after_signing_in_again(
    rough_tab: Page, arrive: Arrive, shop: CRM, agent: User
) -> None:
    tab, call = rough_tab, arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    tab.get_by_label("Last Name").fill("Typed")
    Session.objects.all().delete()
    expect(tab.locator("#ended")).to_be_visible(timeout=SOON)
    tab.get_by_role("button", name="Create card").click()
    expect(tab.get_by_label("Last Name")).to_have_value("Typed")
    assert not LocalCard.objects.exists()
    base = re.match(r"https?://[^/]+", tab.url)
    assert base
    tab.context.clear_cookies(name="deskline_csrf")
    sign_in(tab.context, agent, base[0])
    beside = tab.context.new_page()
    beside.goto("/banner/")
    beside.close()
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the agent comes back to this tab
    expect(tab.locator("#ended")).to_be_hidden(timeout=12_000)
    tab.get_by_role("button", name="Create card").click()
    expect(tab.get_by_text("Saved in Shop.")).to_be_visible()
    assert LocalCard.objects.get().values["lastName"] == "Typed"


def test_a_page_without_anything_typed_is_led_to_the_door_when_its_session_ends(rough_tab: Page, shop: CRM) -> None:
    Session.objects.all().delete()
    expect(rough_tab).to_have_url(re.compile(r"/$"), timeout=SOON)
    rough_tab.wait_for_load_state()  # a browser that is closed while it goes to a page may never answer


@pytest.mark.parametrize("way", ["abort", "502"])
def test_a_cut_on_the_way_says_so_and_sending_again_makes_one_card(
    rough_tab: Page, arrive: Arrive, shop: CRM, way: str
) -> None:
    """The request arrived, its answer did not."""
    tab, call = rough_tab, arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    tab.get_by_label("Last Name").fill("Typed")

    def cut(route: Route) -> None:
        route.fetch()
        route.abort() if way == "abort" else route.fulfill(status=502, body="Bad gateway")

    tab.route("**/new/", cut)
    tab.get_by_role("button", name="Create card").click()
    notice = tab.locator(".notice.no-answer")
    expect(notice).to_contain_text("What you typed is still here")
    expect(tab.get_by_label("Last Name")).to_have_value("Typed")
    expect(tab.get_by_label("Last Name")).to_be_enabled()
    tab.unroute("**/new/")
    notice.get_by_role("button", name="Try again").click()
    expect(tab.get_by_text("Saved in Shop.")).to_be_visible()
    assert LocalCard.objects.count() == 1


def test_nothing_can_be_typed_into_a_form_that_is_on_its_way(tab: Page, arrive: Arrive, shop: CRM) -> None:
    """It would be gone with the answer."""
    call = arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    tab.get_by_label("Last Name").fill("Typed")
    waiting: list[Route] = []
    tab.route("**/new/", lambda route: waiting.append(route))
    tab.get_by_label("Last Name").press("Enter")
    expect(tab.get_by_label("Last Name")).to_be_disabled()
    meet(tab, waiting)
    waiting[0].continue_()
    expect(tab.get_by_text("Saved in Shop.")).to_be_visible()
    expect(tab.locator(".notice.good")).to_be_focused()


def test_a_refused_form_puts_the_cursor_where_something_is_to_be_corrected(
    tab: Page, arrive: Arrive, shop: CRM
) -> None:
    call = arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    tab.get_by_label("Last Name").fill("Typed")
    tab.get_by_label("Email").fill("nonsense")
    tab.get_by_label("Email").press("Enter")
    expect(tab.get_by_label("Email")).to_be_focused()
    expect(tab.get_by_label("Email")).to_have_value("nonsense")


def test_half_a_date_is_not_taken_for_none(tab: Page, arrive: Arrive, shop: CRM) -> None:
    """A browser would send nothing for it, and the field would be called saved."""
    CRMField.objects.create(object=shop.crm_objects.get(), name="Born", api_name="born", type=FieldType.DATE)
    call = arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    tab.get_by_label("Last Name").fill("Typed")
    tab.get_by_label("Born").press_sequentially("12")
    tab.get_by_role("button", name="Create card").click()
    expect(tab.get_by_label("Born")).to_be_focused()
    assert not LocalCard.objects.exists()


def test_a_form_is_held_while_it_is_there_also_in_the_background_and_let_go_when_it_is_left(
    tab: Page, arrive: Arrive, shop: CRM
) -> None:
    call = arrive(**UNKNOWN)
    other = target_in(shop, arrive("other", customer_name="Other")).interaction
    tab.goto(f"/banner/interactions/{call.pk}/")
    until(OpenForm.objects.exists)
    tab.clock.install()
    tab.reload()
    tab.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })")
    until(OpenForm.objects.exists)
    OpenForm.objects.all().delete()
    tab.clock.run_for(61_000)
    until(OpenForm.objects.exists)
    tab.locator(f"#line-{other.pk}").click()
    until(lambda: not OpenForm.objects.exists())
    tab.goto(f"/banner/interactions/{call.pk}/")
    until(OpenForm.objects.exists)
    tab.goto("about:blank")
    until(lambda: not OpenForm.objects.exists())


def test_news_leave_the_keyboard_where_it_is(tab: Page, arrive: Arrive, shop: CRM) -> None:
    first = arrive("first", customer_name="First")
    tab.goto(f"/banner/interactions/{first.pk}/")
    tab.locator(f"#line-{first.pk}").focus()
    arrive("second", customer_name="Second")
    expect(tab.locator("#live")).to_contain_text("Second", timeout=SOON)
    expect(tab.locator(f"#line-{first.pk}")).to_be_focused()
