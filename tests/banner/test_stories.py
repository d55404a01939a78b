"""An agent's day in a real browser: calls ring, mails arrive, workers write, and nothing that he types is lost."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Dialog, Page, Route, expect

from crm.models import CRM, CRMField, CRMObject, FieldType, LocalCard
from interactions.models import Interaction, OpenForm
from tests.banner.conftest import Arrive, local_crm, sign_in
from tests.banner.steps import end, people, work
from tests.banner.test_attacks import target_in
from tests.banner.test_workspace import write
from tests.banner.test_zoho import AMELIE, NOBODY
from tests.interactions.workers import until
from tests.zoho import Zoho
from users.models import Profile, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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


# Calls


def test_what_is_typed_while_the_caller_hangs_up_is_in_zoho(
    tab: Page, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    call = arrive(customer_phone=NOBODY, customer_name="")
    panel = tab.locator(f"#crm-{desk.crm_id}")
    expect(panel.get_by_role("heading", name="No card matches this customer")).to_be_visible(timeout=SOON)
    until(OpenForm.objects.filter(crm=desk.crm).exists)
    panel.get_by_label("Last name").press_sequentially("Newm")
    end(call)
    work()
    expect(tab.locator("#facts")).to_contain_text("Waits for your form", timeout=SOON)
    expect(panel.get_by_label("Last name")).to_be_focused()
    panel.get_by_label("Last name").press_sequentially("an")
    panel.get_by_role("button", name="Create card").click()
    expect(panel.get_by_text("Saved in Acme Desk.")).to_be_visible()
    work()
    (card,) = people(zoho, phone=NOBODY)
    assert card["lastName"] == "Newman"
    expect(panel.get_by_text("This interaction belongs to it")).to_be_visible(timeout=SOON)
    assert not OpenForm.objects.filter(crm=desk.crm).exists()


def test_another_card_is_created_and_the_owner_is_still_found(
    tab: Page, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    arrive("first", customer_phone=AMELIE, customer_name="First")
    panel = tab.locator(f"#crm-{desk.crm_id}")
    panel.get_by_role("button", name="Create another card").click(timeout=SOON)
    panel.get_by_label("Last name").fill("Colleague")
    panel.get_by_role("button", name="Create card").click()
    expect(panel.get_by_text("Saved in Acme Desk.")).to_be_visible()
    arrive("second", customer_phone=AMELIE, customer_name="Second")
    tab.locator("#live .line", has_text="Second").click(timeout=SOON)
    expect(panel.get_by_role("heading", name="Amélie Poulain")).to_be_visible()


def test_an_arriving_mail_takes_nobody_from_a_call_and_waits_beside_it(tab: Page, arrive: Arrive, shop: CRM) -> None:
    target_in(shop, arrive("call", customer_name="Alice on the phone"))
    expect(tab.locator("#detail-title")).to_have_text("Alice on the phone", timeout=SOON)
    arrive("mail", flow="email", customer_phone="", customer_email="bob@example.org", customer_name="Bob")
    waiting = tab.get_by_role("region", name="New interactions")
    expect(waiting).to_contain_text("Bob", timeout=SOON)
    expect(tab.locator("#announce")).to_have_text("E-mail: Bob")
    assert title(tab) == "Alice on the phone"
    waiting.get_by_role("link", name="Open").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#detail-title")).to_have_text("Bob")
    expect(tab.locator("#detail-title")).to_be_focused()
    expect(waiting).to_be_hidden()


def test_an_announcement_is_closed_by_the_agent_or_by_the_end_of_what_it_announces(
    tab: Page, arrive: Arrive, shop: CRM
) -> None:
    arrive("call", customer_name="Alice on the phone")
    expect(tab.locator("#detail-title")).to_have_text("Alice on the phone", timeout=SOON)
    bob, eve = arrive("bob", customer_name="Bob"), arrive("eve", customer_name="Eve")
    waiting = tab.get_by_role("region", name="New interactions")
    expect(waiting).to_contain_text("Eve", timeout=SOON)
    end(bob, status="missed")
    expect(waiting).not_to_contain_text("Bob", timeout=SOON)
    waiting.get_by_role("button", name="Close").click()
    expect(waiting).to_be_hidden()
    assert title(tab) == "Alice on the phone"
    assert not eve.is_finished


def test_after_the_end_of_a_call_the_next_one_opens_by_itself(tab: Page, arrive: Arrive, shop: CRM) -> None:
    first = arrive("first", customer_name="First")
    expect(tab.locator("#detail-title")).to_have_text("First", timeout=SOON)
    end(first)
    expect(tab.locator("#facts")).to_contain_text("Completed", timeout=SOON)
    arrive("second", customer_name="Second")
    expect(tab.locator("#detail-title")).to_have_text("Second", timeout=SOON)


def test_a_reload_stays_with_the_call_in_progress(tab: Page, arrive: Arrive, shop: CRM) -> None:
    arrive("call", customer_name="Alice on the phone")
    tab.goto("/banner/")
    assert title(tab) == "Alice on the phone"
    arrive("mail", flow="email", customer_name="Bob")
    tab.reload()
    assert title(tab) == "Alice on the phone"


# What others do meanwhile


def test_the_panel_shows_the_card_on_which_a_worker_wrote_the_call(tab: Page, arrive: Arrive, shop: CRM) -> None:
    call = arrive(status="completed", ended_at="2026-11-23T09:31:00Z", **UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    expect(tab.get_by_role("heading", name="No card matches this customer")).to_be_visible()
    card = target_in(shop, call).card
    write(call, shop, card_object="contacts", card_id=str(card.pk))
    expect(tab.get_by_text("This interaction belongs to it")).to_be_visible(timeout=SOON)
    expect(tab.get_by_role("button", name="Assign")).to_have_count(0)
    expect(tab.get_by_text("No card matches this customer")).to_have_count(0)


def test_the_panel_follows_without_taking_what_is_being_typed(tab: Page, arrive: Arrive, shop: CRM) -> None:
    call = arrive(status="completed", ended_at="2026-11-23T09:31:00Z", **UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    name = tab.get_by_label("Last Name")
    name.press_sequentially("Half a na")
    card = target_in(shop, call).card
    write(call, shop, card_object="contacts", card_id=str(card.pk))
    moved = tab.locator(".notice.moved")
    expect(moved).to_be_visible(timeout=SOON)
    name.press_sequentially("me")
    expect(name).to_have_value("Half a name")
    asked = answers(tab, "yes")
    moved.get_by_role("button", name="Show the card").click()
    expect(tab.get_by_text("This interaction belongs to it")).to_be_visible()
    assert len(asked) == 1


def test_a_card_that_is_taken_away_again_is_no_longer_said_to_be_the_one(tab: Page, arrive: Arrive, shop: CRM) -> None:
    call = arrive()
    card = target_in(shop, call).card
    tab.goto(f"/banner/interactions/{call.pk}/")
    tab.get_by_role("button", name="Assign").click()
    expect(tab.get_by_text("This interaction belongs to it")).to_be_visible()
    card.delete()
    call.choices.all().delete()
    expect(tab.get_by_role("heading", name="No card matches this customer")).to_be_visible(timeout=SOON)


def test_an_interaction_that_went_to_a_colleague_says_so_and_leaves_what_was_typed(
    rough_tab: Page, arrive: Arrive, shop: CRM, colleague: User
) -> None:
    tab, call = rough_tab, arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    tab.get_by_label("Last Name").fill("Typed")
    Interaction.objects.update(agent=colleague)
    expect(tab.get_by_text("This is not open to you any more")).to_be_visible(timeout=SOON)
    tab.get_by_role("button", name="Create card").click()
    expect(tab.locator(".notice.no-answer")).to_contain_text("Nothing was saved")
    expect(tab.get_by_label("Last Name")).to_have_value("Typed")
    assert not LocalCard.objects.exists()


# Leaving, and being cut off


def test_no_form_of_several_is_left_without_a_question(tab: Page, arrive: Arrive, shop: CRM, sales: Profile) -> None:
    second = local_crm("Second shop", sales)
    arrive("other", customer_name="Other")
    call = arrive(**UNKNOWN)
    tab.goto(f"/banner/interactions/{call.pk}/")
    forms = [tab.locator(f"#crm-{crm.pk}") for crm in (shop, second)]
    for form in forms:
        form.get_by_label("Last Name").fill("Typed")
    asked = answers(tab, "no")
    forms[1].get_by_role("button", name="Look again").click()
    tab.locator("#live .line", has_text="Other").click()
    assert len(asked) == 2
    for form in forms:
        expect(form.get_by_label("Last Name")).to_have_value("Typed")


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


def test_a_page_without_anything_typed_is_led_to_the_door_when_its_session_ends(tab: Page, shop: CRM) -> None:
    Session.objects.all().delete()
    expect(tab).to_have_url(re.compile(r"/$"), timeout=SOON)


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
