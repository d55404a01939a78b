"""The screen-pop over cards that are kept here: found, made, changed, chosen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from crm.models import CRM, CRMField, CRMObject, FieldType, KnownCard, LocalCard, ProfileAccess
from crm.stores.local import LocalStore
from crm.stores.opening import open_store
from interactions.models import CardChoice, Interaction
from tests.banner.conftest import Arrive
from tests.banner.test_attacks import ALICE, Target, target_in
from tests.banner.test_workspace import HTMX


@pytest.fixture
def call(arrive: Arrive) -> Interaction:
    return arrive()


def part(call: Interaction, crm: CRM) -> str:
    return f"/banner/interactions/{call.pk}/crms/{crm.pk}/"


def show(page: Client, path: str) -> str:
    return page.get(path, headers=HTMX).content.decode()


def send(page: Client, path: str, **sent: str) -> str:
    """Post a form; `was_lastName` stands for the hidden `was.lastName`."""
    named = {key.replace("was_", "was."): value for key, value in sent.items()}
    return page.post(path, named, headers=HTMX).content.decode()


def new_form(page: Client, crm: CRM, call: Interaction, query: str = "") -> tuple[str, dict[str, str]]:
    """The address of the form of a new card, and what it sends untouched."""
    contacts = crm.crm_objects.get(api_name="contacts")
    path = f"{part(call, crm)}objects/{contacts.pk}/new/"
    html = show(page, f"{path}?{query}")
    fields = re.findall(r'<input [^>]*name="([\w.]+)"[^>]*?value="([^"]*)"', html)
    return path, dict(fields)


def test_the_only_card_that_matches_is_opened(page: Client, shop: CRM, call: Interaction) -> None:
    target_in(shop, call)
    html = show(page, part(call, shop))
    assert "Alice Martin" in html
    assert "alice@example.com" in html
    assert "Assign" in html


def test_several_cards_are_offered_and_the_agent_picks(page: Client, shop: CRM, call: Interaction) -> None:
    first = target_in(shop, call)
    open_store(shop).create(first.object, {"firstName": "Bob", "lastName": "Martin", "phone": "+33612345678"})
    html = show(page, part(call, shop))
    assert "2 cards match" in html
    assert first.page in html
    assert "Bob Martin" in html


def test_an_unknown_customer_gets_a_form_filled_with_what_is_known(page: Client, shop: CRM, call: Interaction) -> None:
    html = show(page, part(call, shop))
    assert "No card matches this customer" in html
    assert 'name="phone" value="+33612345678"' in html


def test_without_the_right_to_create_nobody_is_offered_a_form(page: Client, shop: CRM, call: Interaction) -> None:
    ProfileAccess.objects.update(may_create=False)
    html = show(page, part(call, shop))
    assert "does not let you create cards" in html
    assert "<form" not in html


def test_an_anonymous_customer_is_said_to_be_one(page: Client, shop: CRM, arrive: Arrive) -> None:
    call = arrive(customer_phone="", customer_name="")
    assert "carries no number and no e-mail" in show(page, part(call, shop))


def test_a_card_is_created_and_opened(page: Client, shop: CRM, call: Interaction) -> None:
    path, sent = new_form(page, shop, call)
    html = send(page, path, **sent | {"lastName": "Martin", "firstName": "Alice"})
    assert "Saved in Shop." in html
    assert LocalCard.objects.get().values["phone"] == "+33612345678"
    assert "Alice Martin" in show(page, part(call, shop))


def test_a_second_click_makes_no_second_card(page: Client, shop: CRM, call: Interaction) -> None:
    path, sent = new_form(page, shop, call)
    for _ in range(2):
        send(page, path, **sent | {"lastName": "Martin"})
    assert LocalCard.objects.count() == 1


def test_a_second_click_makes_no_second_card_of_an_anonymous_customer(page: Client, shop: CRM, arrive: Arrive) -> None:
    path, sent = new_form(page, shop, arrive(customer_phone=""))
    for _ in range(2):
        assert "Saved in Shop." in send(page, path, **sent | {"lastName": "Martin"})
    assert LocalCard.objects.count() == 1


def test_a_second_click_makes_no_second_card_while_redis_is_away(
    page: Client, shop: CRM, arrive: Arrive, without_redis: None
) -> None:
    path, sent = new_form(page, shop, arrive(customer_phone=""))
    for _ in range(2):
        assert "Saved in Shop." in send(page, path, **sent | {"lastName": "Martin"})
    assert LocalCard.objects.count() == 1


def test_a_card_is_not_made_while_a_worker_makes_it(page: Client, shop: CRM, call: Interaction) -> None:
    from crm.customers import claims

    contacts = shop.crm_objects.get(api_name="contacts")
    assert claims.take(contacts, ["phone:+33612345678"], "worker")
    path, sent = new_form(page, shop, call)
    html = send(page, path, **sent | {"lastName": "Typed"})
    assert "being made already" in html
    assert 'value="Typed"' in html
    assert not LocalCard.objects.exists()


def test_another_card_is_made_beside_the_one_that_was_found(page: Client, shop: CRM, call: Interaction) -> None:
    target_in(shop, call)
    path, sent = new_form(page, shop, call, "beside")
    html = send(page, path, **sent | {"lastName": "Sister"})
    assert "Sister" in html
    assert LocalCard.objects.count() == 2


def test_a_missing_field_is_named_beside_it_and_nothing_typed_is_lost(
    page: Client, shop: CRM, call: Interaction
) -> None:
    path, sent = new_form(page, shop, call)
    html = send(page, path, **sent | {"firstName": "Typed", "lastName": ""})
    assert "This is required." in html
    assert 'value="Typed"' in html
    assert not LocalCard.objects.exists()
    assert not KnownCard.objects.exists()


def test_a_form_that_was_refused_can_be_sent_again(page: Client, shop: CRM, arrive: Arrive) -> None:
    path, sent = new_form(page, shop, arrive(customer_phone=""))
    send(page, path, **sent | {"lastName": "Martin", "email": "nonsense"})
    send(page, path, **sent | {"lastName": "Martin", "email": "a@example.com"})
    assert LocalCard.objects.get().values["email"] == "a@example.com"


@pytest.fixture
def target(shop: CRM, call: Interaction) -> Target:
    return target_in(shop, call)


def test_a_changed_field_is_written_and_shown(page: Client, target: Target) -> None:
    html = send(page, f"{target.page}edit/", lastName="Durand", was_lastName="Martin")
    assert "Saved in Shop." in html
    assert "Alice Durand" in html


def test_a_colleagues_change_of_another_field_stays(page: Client, target: Target) -> None:
    begun = {f"was_{name}": value for name, value in ALICE.items()}
    open_store(target.crm).update(target.object, str(target.card.pk), {"email": "new@example.com"})
    send(page, f"{target.page}edit/", **ALICE | begun | {"firstName": "Alicia"})
    target.card.refresh_from_db()
    assert (target.card.values["firstName"], target.card.values["email"]) == ("Alicia", "new@example.com")


def test_a_field_can_be_emptied_unless_it_is_required(page: Client, target: Target) -> None:
    send(page, f"{target.page}edit/", email="", was_email="alice@example.com")
    html = send(page, f"{target.page}edit/", lastName=" ", was_lastName="Martin")
    target.card.refresh_from_db()
    assert target.card.values["email"] == ""
    assert target.card.values["lastName"] == "Martin"
    assert "This is required." in html


TYPES = [
    (FieldType.NUMBER, "4,5", "needs a number"),
    (FieldType.DATE, "tomorrow", "needs a date"),
    (FieldType.DATETIME, "tomorrow", "needs a date and time"),
    (FieldType.TIME, "noon", "needs a time"),
    (FieldType.URL, "javascript:alert(1)", "needs a link"),
    (FieldType.PHONE, "call me", "needs a telephone number"),
    (FieldType.EMAIL, "nobody", "needs an e-mail address"),
    (FieldType.LIST, "Blue", "Use one of"),
]


@pytest.mark.parametrize(("type_", "text", "validation_error"), TYPES)
def test_a_value_that_does_not_fit_its_type_is_refused_beside_the_field(
    page: Client, target: Target, type_: str, text: str, validation_error: str
) -> None:
    CRMField.objects.create(object=target.object, name="Other", api_name="other", type=type_, choices=["Red"])
    html = send(page, f"{target.page}edit/", other=text, was_other="")
    assert validation_error in html
    assert 'aria-invalid="true" aria-describedby="c-' in html
    assert text in html


KEPT = [
    (FieldType.DATETIME, "2026-11-23T09:30", "2026-11-23T09:30:00.000Z", "2026-11-23T09:30"),
    (FieldType.DATE, "2026-11-23", "2026-11-23", "2026-11-23"),
    (FieldType.TIME, "09:30", "09:30:00", "09:30"),
    (FieldType.NUMBER, "4.5", 4.5, "4.5"),
    (FieldType.LIST, "Red", "Red", "Red"),
    (FieldType.BOOLEAN, "true", True, "true"),
    (FieldType.LONG_TEXT, "one\r\ntwo", "one\ntwo", "one\ntwo"),
]


@pytest.mark.parametrize(("type_", "text", "value", "again"), KEPT)
def test_a_value_of_each_type_is_written_and_comes_back_as_it_was_typed(
    page: Client, target: Target, type_: str, text: str, value: object, again: str
) -> None:
    CRMField.objects.create(object=target.object, name="Other", api_name="other", type=type_, choices=["Red"])
    send(page, f"{target.page}edit/", other=text, was_other="")
    target.card.refresh_from_db()
    assert target.card.values["other"] == value
    assert f'name="was.other" value="{again}"' in show(page, f"{target.page}edit/")


def test_a_pattern_of_the_configuration_holds(page: Client, target: Target) -> None:
    CRMField.objects.create(object=target.object, name="Code", api_name="code", pattern="[A-Z]{2}[0-9]{3}")
    assert "does not fit the pattern" in send(page, f"{target.page}edit/", code="12", was_code="")
    assert "Saved in" in send(page, f"{target.page}edit/", code="AB123", was_code="")


def test_a_card_that_is_gone_says_so_and_offers_to_look_again(page: Client, target: Target) -> None:
    target.card.delete()
    assert "This card is no longer there" in show(page, target.page)
    html = send(page, f"{target.page}edit/", lastName="Typed", was_lastName="Martin")
    assert "This card is no longer there" in html
    assert 'value="Typed"' in html


def test_an_answer_tells_of_one_moment_to_which_card_the_interaction_belongs(
    page: Client, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a page whose choice is taken back meanwhile would name neither the old card nor hear of the change."""
    page.post(f"{target.page}assign/", headers=HTMX)
    read = LocalStore.read

    def read_before_it_is_taken_back(*args: Any) -> Any:
        record = read(*args)
        target.interaction.choices.all().delete()
        return record

    monkeypatch.setattr(LocalStore, "read", read_before_it_is_taken_back)
    html = show(page, target.part)
    assert "This interaction belongs to it" in html
    assert f'class="belongs" value="contacts:{target.card.pk}"' in html
    assert 'class="belongs" value=""' in show(page, target.part)


def test_an_assigned_card_is_opened_from_then_on(page: Client, target: Target) -> None:
    other = open_store(target.crm).create(target.object, ALICE | {"firstName": "Bob", "email": ""})
    html = page.post(f"{target.page}assign/", headers=HTMX).content.decode()
    assert "This interaction belongs to it" in html
    choice = CardChoice.objects.get()
    assert (choice.card_object, choice.card_id, choice.chosen_by) == (
        "contacts", str(target.card.pk), target.interaction.agent,
    )  # fmt: skip
    assert "This interaction belongs to it" in show(page, target.part)
    assert "Bob Martin" in show(page, f"{target.part}?all")
    assert other.id != choice.card_id


def test_a_chosen_card_that_is_gone_is_looked_for_again(page: Client, target: Target) -> None:
    page.post(f"{target.page}assign/", headers=HTMX)
    target.card.delete()
    assert "No card matches this customer" in show(page, target.part)


def test_a_card_that_no_rule_writes_on_cannot_be_chosen_after_the_end(page: Client, target: Target) -> None:
    Interaction.objects.update(status="completed")
    html = page.post(f"{target.page}assign/", headers=HTMX).content.decode()
    assert "Not assigned" in html
    assert "No rule of Shop" in html
    assert not CardChoice.objects.exists()


def test_a_part_of_the_page_opened_alone_leads_to_the_whole(page: Client, target: Target) -> None:
    assert page.get(target.page).headers["Location"] == f"/banner/interactions/{target.interaction.pk}/"


def test_a_crm_without_card_objects_says_who_adds_one(page: Client, shop: CRM, call: Interaction) -> None:
    CRMObject.objects.update(is_card=False)
    assert "no object that is shown as card" in show(page, part(call, shop))


def test_a_crm_that_is_not_connected_says_what_it_means(page: Client, shop: CRM, call: Interaction) -> None:
    CRM.objects.update(kind="integration", integration="zoho_desk")
    html = show(page, part(call, shop))
    assert "The connection to the CRM needs your administrator" in html
    assert "Try again" in html
