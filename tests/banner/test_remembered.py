"""Cards that are remembered for a number add to what Zoho's search finds; they never hide anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from crm.models import CRM, CRMObject, KnownCard, OnSeveral
from interactions.models import Delivery
from tests.banner.conftest import Arrive
from tests.banner.steps import create, end, part, people, show, work
from tests.banner.test_zoho import AMELIE, NOBODY
from tests.zoho import Zoho

pytestmark = pytest.mark.django_db


def card_page(call_part: str, contacts: CRMObject, card_id: str) -> str:
    return f"{call_part}objects/{contacts.pk}/cards/{card_id}/"


def assign(page: Client, contacts: CRMObject, call: object, card_id: str) -> str:
    path = f"{card_page(part(call, contacts.crm), contacts, card_id)}assign/"  # type: ignore[arg-type]
    return page.post(path, headers={"HX-Request": "true"}).content.decode()


def change_in_zoho(zoho: Zoho, person: dict[str, object], **news: object) -> None:
    """Somebody changes a contact in Zoho Desk itself."""
    world = zoho.stand_in.world
    portal = world.portal("eu", "acme")
    assert portal
    zoho.stand_in.do(lambda: portal.modules["contacts"].put({**person, **news}, world.clock.now()))


def owner_of(zoho: Zoho, phone: str) -> str:
    (owner,) = people(zoho, phone=phone)
    return str(owner["id"])


def call_of(zoho: Zoho, delivery: Delivery) -> dict[str, object]:
    calls = {call["id"]: call for call in zoho.stand_in.records("eu", "acme", "calls")}
    return calls[delivery.remote_id]


def time_passes() -> None:
    """So much that what a search showed is no longer believed."""
    KnownCard.objects.update(searched_at=F("searched_at") - timedelta(minutes=16))


def test_another_card_for_a_number_does_not_hide_its_owner_from_later_calls(
    page: Client, desk: CRMObject, arrive: Arrive
) -> None:
    html = create(page, desk, arrive("first", customer_phone=AMELIE), "beside", lastName="Colleague")
    assert "Saved in Acme Desk." in html
    html = show(page, part(arrive("second", customer_phone=AMELIE), desk.crm))
    assert "Amélie Poulain" in html
    assert "Colleague" not in html, "it has another number: only Assign remembers"


def test_a_call_after_another_card_was_created_is_written_on_the_owner(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    owner = people(zoho, lastName="Poulain")[0]["id"]
    call = arrive(customer_phone=AMELIE)
    create(page, desk, call, "beside", lastName="Colleague")
    end(call)
    work()
    assert call_of(zoho, Delivery.objects.get())["contactId"] == owner


def test_a_card_to_which_a_call_was_assigned_is_offered_beside_the_owner_of_the_number(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    other = str(people(zoho, lastName="Lefèvre", firstName="Chloé")[0]["id"])
    assign(page, desk, arrive("first", customer_phone=AMELIE), other)
    html = show(page, part(arrive("second", customer_phone=AMELIE), desk.crm))
    assert "2 cards match" in html
    assert "Amélie Poulain" in html
    assert "Chloé Lefèvre" in html


def test_the_last_assignment_of_a_number_is_the_one_that_is_remembered(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    family = people(zoho, lastName="Lefèvre")
    for number, member in enumerate(family):
        assign(page, desk, arrive(f"call-{number}", customer_phone=NOBODY), str(member["id"]))
    html = show(page, part(arrive("next", customer_phone=NOBODY), desk.crm))
    assert str(family[-1]["firstName"]) in html
    assert "cards match" not in html


def test_an_assigned_number_that_zoho_does_not_know_leads_the_next_call_to_its_card_by_itself(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    owner = str(people(zoho, lastName="Poulain")[0]["id"])
    assign(page, desk, arrive("first", customer_phone=NOBODY), owner)
    second = arrive("second", customer_phone=NOBODY)
    end(second)
    work()
    assert call_of(zoho, second.deliveries.get())["contactId"] == owner
    assert people(zoho, phone=NOBODY) == []


@pytest.mark.parametrize("choice", [OnSeveral.AGENT, OnSeveral.LATEST])
def test_a_remembered_card_and_another_that_is_found_are_several(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho, choice: str
) -> None:
    """The latest is Zoho's own word, so the remembered one is read for the comparison."""
    CRM.objects.update(on_several=choice)
    other = people(zoho, lastName="Lefèvre", firstName="Chloé")[0]
    assign(page, desk, arrive("first", customer_phone=AMELIE), str(other["id"]))
    change_in_zoho(zoho, other, modifiedTime="2099-01-01T00:00:00.000Z")
    second = arrive("second", customer_phone=AMELIE)
    end(second)
    work()
    delivery = second.deliveries.get()
    if choice == OnSeveral.AGENT:
        assert (delivery.state, delivery.remote_id) == ("waiting", "")
        assert "Several cards match" in delivery.reason
    else:
        assert call_of(zoho, delivery)["contactId"] == other["id"]


def test_an_owner_whom_somebody_adds_in_zoho_later_is_seen_beside_the_card_that_we_made(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    """The card that we made is believed for some minutes after a search that showed nobody else, and not for ever."""
    create(page, desk, arrive("first", customer_phone=NOBODY), lastName="Newman")
    made = owner_of(zoho, NOBODY)
    change_in_zoho(zoho, people(zoho, lastName="Poulain")[0], phone=NOBODY)
    assert "2 cards match" in show(page, part(arrive("second", customer_phone=NOBODY), desk.crm)), "a person sees all"
    early, late = arrive("early", customer_phone=NOBODY), arrive("late", customer_phone=NOBODY)
    end(early)
    work()
    assert call_of(zoho, early.deliveries.get())["contactId"] == made
    time_passes()
    end(late)
    work()
    assert "Several cards match" in late.deliveries.get().reason


def test_a_search_that_shows_nobody_else_is_believed_again_for_some_minutes(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    """A known customer costs one search in a while, not one for each call."""
    create(page, desk, arrive("first", customer_phone=NOBODY), lastName="Newman")
    time_passes()
    searches = []
    for number in range(3):
        end(arrive(f"later-{number}", customer_phone=NOBODY))
        before = len(zoho.asked("/contacts/search"))
        work()
        searches.append(len(zoho.asked("/contacts/search")) > before)
    assert searches == [True, False, False]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert len(people(zoho, phone=NOBODY)) == 1


def test_a_card_that_we_made_is_found_though_the_search_does_not_show_it_yet(
    page: Client, desk: CRMObject, arrive: Arrive, zoho: Zoho
) -> None:
    zoho.stand_in.set_knobs(search_lag=6000.0)
    create(page, desk, arrive("first", customer_phone=NOBODY), lastName="Newman")
    time_passes()
    second = arrive("second", customer_phone=NOBODY)
    assert "Newman" in show(page, part(second, desk.crm))
    end(second)
    work()
    assert second.deliveries.get().state == "delivered"
    assert len(people(zoho, phone=NOBODY)) == 1
