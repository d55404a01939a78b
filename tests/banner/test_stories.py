"""An agent's day in a real browser: calls ring, mails arrive, workers write, and nothing that he types is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crm.models import CRM, CRMObject, LocalCard
from interactions.models import Interaction, OpenForm
from tests.banner.conftest import Arrive, local_crm
from tests.banner.steps import end, people, work
from tests.banner.tab import SOON, UNKNOWN, answers, title
from tests.banner.test_attacks import target_in
from tests.banner.test_workspace import write
from tests.banner.test_zoho import AMELIE, NOBODY
from tests.interactions.workers import until
from tests.zoho import Zoho
from users.models import Profile, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
