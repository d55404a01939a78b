"""What an agent typed is never lost, and "saved" is said only of what the CRM confirmed."""

from __future__ import annotations

import html as markup
import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from crm.models import CRM, CRMObject, KnownCard, LocalCard, ProfileAccess
from crm.stores.opening import open_store
from crm.tasks import forget_forms
from interactions.models import Delivery, Interaction
from tests.banner.conftest import Arrive
from tests.banner.steps import create, end, form_of, new_form, part, people, send, show, work
from tests.banner.test_attacks import Target, target_in
from tests.banner.test_zoho import AMELIE, NOBODY
from tests.zoho import Zoho
from users.models import User

pytestmark = pytest.mark.django_db

TYPED = {"lastName": "Newman", "firstName": "Nora", "email": "nora@example.org"}


@pytest.fixture
def target(shop: CRM, arrive: Arrive) -> Target:
    return target_in(shop, arrive())


@pytest.fixture
def stranger(arrive: Arrive) -> Interaction:
    """A call from a number that nobody in Zoho has."""
    return arrive(customer_phone=NOBODY, customer_name="")


def claims_rest() -> None:
    """Time passes for claims on customers."""
    back = timedelta(seconds=400)
    KnownCard.objects.update(lease_expires_at=F("lease_expires_at") - back, write_began_at=F("write_began_at") - back)


# A worker was faster


def test_what_was_typed_reaches_the_card_that_a_worker_made_meanwhile(
    page: Client, desk: CRMObject, stranger: Interaction, zoho: Zoho
) -> None:
    path, sent = new_form(page, desk.crm, stranger)
    end(stranger)
    work()
    (made,) = people(zoho, phone=NOBODY)
    assert made["lastName"] == NOBODY
    html = send(page, path, **sent | TYPED)
    assert "Saved in Acme Desk." in html
    (card,) = people(zoho, phone=NOBODY)
    assert TYPED.items() <= card.items()
    assert Delivery.objects.get().state == "delivered"


@pytest.mark.parametrize("fault", ["lost_answer", "500", "drop_before"])
def test_saved_is_not_said_while_zoho_has_not_confirmed_what_was_added(
    page: Client, desk: CRMObject, stranger: Interaction, zoho: Zoho, fault: str
) -> None:
    path, sent = new_form(page, desk.crm, stranger)
    end(stranger)
    work()
    zoho.stand_in.fault(fault, "PATCH", "/api/v1/contacts/*", count=9)
    html = send(page, path, **sent | TYPED)
    assert "Saved in" not in html
    assert 'name="anew"' not in html, "it is the customer's own card: nothing is made twice"
    assert all(f'value="{text}"' in html for text in TYPED.values())
    zoho.stand_in.world.faults.clear()
    path, again = form_of(html)
    assert "Saved in Acme Desk." in send(page, path, **again)
    (card,) = people(zoho, phone=NOBODY)
    assert TYPED.items() <= card.items()


def test_what_the_card_holds_already_is_no_reason_to_ask(
    page: Client, desk: CRMObject, stranger: Interaction, zoho: Zoho
) -> None:
    """The telephone system told the name at the end, and the worker took it; the agent typed a better one."""
    path, sent = new_form(page, desk.crm, stranger)
    end(stranger, customer_name="N. Newman")
    work()
    assert "Saved in Acme Desk." in send(page, path, **sent | TYPED)
    assert people(zoho, phone=NOBODY)[0]["lastName"] == "Newman"


def test_without_the_right_to_edit_the_agent_is_told_that_nothing_was_saved(
    page: Client, desk: CRMObject, stranger: Interaction, zoho: Zoho
) -> None:
    ProfileAccess.objects.update(may_edit=False)
    path, sent = new_form(page, desk.crm, stranger)
    end(stranger)
    work()
    html = send(page, path, **sent | TYPED)
    assert "Saved in" not in html
    assert "does not let you change cards" in html
    assert 'value="Newman"' in html
    assert people(zoho, phone=NOBODY)[0]["lastName"] == NOBODY


# A colleague was faster


def test_a_card_that_a_colleague_made_meanwhile_keeps_what_he_typed_until_the_agent_decides(
    page: Client, shop: CRM, arrive: Arrive, colleague: User
) -> None:
    call, theirs = arrive("mine"), arrive("theirs", agent=colleague)
    path, sent = new_form(page, shop, call)
    other = Client()
    other.force_login(colleague)
    create(other, shop.crm_objects.get(), theirs, lastName="Martin", email="jane@example.org")
    html = send(page, path, **sent | {"lastName": "Marten", "firstName": "John"})
    assert "Not saved" in html
    assert "Martin" in html
    assert 'value="Marten"' in html
    assert LocalCard.objects.get().values["lastName"] == "Martin"
    path, again = form_of(html)
    assert "Saved in Shop." in send(page, path, **again)
    kept = LocalCard.objects.get().values
    assert (kept["lastName"], kept["firstName"], kept["email"]) == ("Marten", "John", "jane@example.org")


def test_what_nobody_else_typed_is_added_to_a_colleagues_card_at_once(
    page: Client, shop: CRM, arrive: Arrive, colleague: User
) -> None:
    call, theirs = arrive("mine"), arrive("theirs", agent=colleague)
    path, sent = new_form(page, shop, call)
    other = Client()
    other.force_login(colleague)
    create(other, shop.crm_objects.get(), theirs, lastName="Martin")
    assert "Saved in Shop." in send(page, path, **sent | {"lastName": "Martin", "firstName": "John"})
    assert LocalCard.objects.get().values["firstName"] == "John"


def test_a_call_that_was_written_on_a_card_which_somebody_made_in_zoho_makes_no_second_one(
    page: Client, desk: CRMObject, stranger: Interaction, zoho: Zoho
) -> None:
    path, sent = new_form(page, desk.crm, stranger)
    open_store(desk.crm).create(desk, {"lastName": "Zoe", "phone": NOBODY})
    end(stranger)
    work()
    html = send(page, path, **sent | TYPED)
    assert "Not saved" in html
    assert "Zoe" in html
    path, again = form_of(html)
    assert "Saved in Acme Desk." in send(page, path, **again)
    (card,) = people(zoho, phone=NOBODY)
    assert TYPED.items() <= card.items()


def test_a_card_that_was_trashed_meanwhile_is_made_anew_with_what_was_typed(
    page: Client, shop: CRM, arrive: Arrive
) -> None:
    call = arrive(customer_name="")
    path, sent = new_form(page, shop, call)
    call.choices.create(crm=shop, card_object="contacts", card_id="999")
    assert "Saved in Shop." in send(page, path, **sent | {"lastName": "Typed"})
    assert LocalCard.objects.get().values["lastName"] == "Typed"


def test_a_create_without_an_answer_is_looked_for_though_the_agent_corrects_the_number_meanwhile(
    page: Client, desk: CRMObject, stranger: Interaction, zoho: Zoho
) -> None:
    path, sent = new_form(page, desk.crm, stranger)
    zoho.stand_in.fault("lost_answer", "POST", "/api/v1/contacts")
    html = send(page, path, **sent | TYPED)
    assert "Saved in" not in html
    assert "press Create card again" in markup.unescape(html)
    claims_rest()
    path, again = form_of(html)
    html = send(page, path, **again | {"phone": "+33199001133", "email": ""})
    assert "Saved in Acme Desk." in html
    (card,) = people(zoho, lastName="Newman")
    assert card["phone"] == "+33199001133"


def test_another_card_without_an_answer_is_not_made_twice_and_the_agent_may_insist(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    path, sent = new_form(page, desk.crm, arrive(customer_phone=AMELIE), "beside")
    zoho.stand_in.fault("lost_answer", "POST", "/api/v1/contacts")
    html = send(page, path, **sent | TYPED)
    for _ in range(2):
        assert "Nobody knows whether this was saved" in html
        assert 'value="Newman"' in html
        path, again = form_of(html)
        html = send(page, path, **again)
    assert len(people(zoho, lastName="Newman")) == 1
    assert 'name="anew"' in html
    assert "Saved in Acme Desk." in send(page, path, **again | {"anew": "1"})
    assert len(people(zoho, lastName="Newman")) == 2


def test_a_form_that_was_saved_and_is_sent_again_shows_the_same_card(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    """The answer was lost between Deskline and the browser: what was typed since is added."""
    path, sent = new_form(page, desk.crm, arrive(customer_phone=AMELIE), "beside")
    send(page, path, **sent | {"lastName": "Newman"})
    assert "Saved in Acme Desk." in send(page, path, **sent | TYPED)
    (card,) = people(zoho, lastName="Newman")
    assert card["email"] == TYPED["email"]


def test_what_zoho_does_not_show_in_its_answer_is_not_called_saved(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    html = show(page, part(arrive(customer_phone=AMELIE), desk.crm))
    address = re.search(r'"([^"]*/edit/)"', html)
    assert address
    path, sent = form_of(show(page, address.group(1)))
    zoho.stand_in.set_knobs(hidden_fields="mobile")
    html = send(page, path, **sent | {"mobile": "+33611223344", "firstName": "Anne"})
    assert "Saved in Acme Desk." not in html
    assert "Mobile" in html
    assert "+33611223344" in html


def test_a_form_without_a_token_is_nobody_elses(page: Client, shop: CRM, arrive: Arrive) -> None:
    """Two such forms are two cards: the second does not change the first."""
    for number, name in enumerate(("One", "Two")):
        path, sent = new_form(page, shop, arrive(f"call-{number}", customer_phone=""))
        send(page, path, **sent | {"token": "", "lastName": name})
    assert sorted(card.values["lastName"] for card in LocalCard.objects.all()) == ["One", "Two"]


def test_another_agents_token_leads_to_none_of_his_cards(
    page: Client, shop: CRM, arrive: Arrive, colleague: User
) -> None:
    path, sent = new_form(page, shop, arrive("mine", customer_phone=""))
    send(page, path, **sent | {"lastName": "Mine"})
    other = Client()
    other.force_login(colleague)
    path, theirs = new_form(other, shop, arrive("theirs", customer_phone="", agent=colleague))
    send(other, path, **theirs | {"token": sent["token"], "lastName": "Theirs"})
    assert sorted(card.values["lastName"] for card in LocalCard.objects.all()) == ["Mine", "Theirs"]


@pytest.mark.parametrize("answer", ["whole", "lost"])
def test_what_is_known_of_a_form_is_forgotten_after_a_day(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho, answer: str
) -> None:
    """It tells a second click from another card; while an answer is missing it holds what was typed of a customer."""
    path, sent = new_form(page, desk.crm, arrive(customer_phone=AMELIE), "beside")
    if answer == "lost":
        zoho.stand_in.fault("lost_answer", "POST", "/api/v1/contacts")
    send(page, path, **sent | TYPED)
    forget_forms()
    assert KnownCard.objects.count() == 1
    KnownCard.objects.update(write_began_at=F("write_began_at") - timedelta(days=1, minutes=1))
    forget_forms()
    assert not KnownCard.objects.exists()
