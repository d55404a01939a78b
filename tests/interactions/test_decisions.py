"""What an administrator decides about a delivery that nobody else settles: its card, or that it is not written."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from crm.models import CRMObject
from integrations.errors import NotSent, Refused
from interactions.actions import assign, discard, replay
from interactions.models import CardChoice, Delivery, DeliveryState
from tests.interactions.steps import PHONE, post, work
from tests.permissions import Case, check, pair_id, pairs

pytestmark = pytest.mark.django_db

OTHER = "+33699999999"


def pk(world):
    return [world.pk]


TABLE = [
    Case("GET", "admin:interactions_delivery_card", args=pk, allowed="ada omar"),
    Case("POST", "admin:interactions_delivery_card", args=pk, data={"look": "1"}, allowed="ada omar"),
    Case("GET", "admin:interactions_delivery_discard", args=pk, allowed="ada"),
    Case("POST", "admin:interactions_delivery_discard", args=pk, data={"reason": "x"}, allowed="ada"),
]


@pytest.fixture
def people(ada, omar, vera, sid):
    return {"ada": ada, "omar": omar, "vera": vera, "sid": sid}


@pytest.fixture
def contacts(crm, vendor):
    vendor.records["contacts"] = {
        "1001": {"phone": PHONE, "lastName": "Curie", "marker": ""},
        "1002": {"phone": PHONE, "lastName": "Meitner", "marker": ""},
        "1003": {"phone": OTHER, "lastName": "Noether", "marker": ""},
    }
    CRMObject.objects.get(crm=crm, api_name="contacts").fields.update(in_list=True)
    return CRMObject.objects.get(crm=crm, api_name="contacts")


@pytest.fixture
def waiting(contacts):
    """A missed call without an agent whose number has several cards."""
    post(status="missed")
    work()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.WAITING
    return delivery


@pytest.fixture
def dialog(client, ada):
    """A dialog of the delivery, opened or sent by Ada."""
    client.force_login(ada)

    def ask(delivery, name, **data):
        address = reverse(f"admin:interactions_delivery_{name}", args=[delivery.pk])
        return client.post(address, data) if data else client.get(address)

    return ask


@pytest.mark.parametrize(("case", "person"), pairs(TABLE), ids=pair_id)
def test_each_decision_is_open_to_those_whose_role_allows_it(case, person, people, client, waiting):
    check(case, person, people, client, waiting)


def test_who_may_replay_but_not_see_the_crm_sees_no_card(client, omar, waiting):
    omar.role.permissions.remove(omar.role.permissions.get(codename="view_crm"))
    client.force_login(omar)
    assert client.get(reverse("admin:interactions_delivery_card", args=[waiting.pk])).status_code == 403


def test_the_cards_of_the_customer_are_offered(dialog, waiting):
    page = dialog(waiting, "card").content.decode()
    assert page.count('name="card"') == 2
    assert "Curie" in page
    assert "Meitner" in page
    assert "Noether" not in page
    assert f"Inbound · Voice · 11/23/2026 9:30 a.m. · Marie Curie · {PHONE}" in page
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_the_call_is_written_on_the_chosen_card(dialog, vendor, contacts, waiting, ada):
    dialog(waiting, "card", card=f"{contacts.pk}:1002", look_for="")
    work()
    assert [call["contactId"] for call in vendor.calls()] == ["1002"]
    assert CardChoice.objects.get().chosen_by == ada


def test_another_card_is_looked_for_and_nothing_is_written_by_looking(dialog, contacts, waiting):
    page = dialog(waiting, "card", look="1", look_for=OTHER, card=f"{contacts.pk}:1001").content.decode()
    assert "Noether" in page
    assert "Meitner" not in page
    assert not CardChoice.objects.exists()


def test_a_card_is_found_by_its_id(dialog, vendor, contacts, waiting):
    vendor.records["contacts"]["1234567890123456789"] = {"lastName": "Germain", "marker": ""}
    page = dialog(waiting, "card", look="1", look_for="1234567890123456789").content.decode()
    assert f'value="{contacts.pk}:1234567890123456789"' in page
    assert "Nobody was found" in dialog(waiting, "card", look="1", look_for="1234567890123456780").content.decode()


def test_the_first_button_looks_so_that_enter_writes_nothing(dialog, waiting):
    page = dialog(waiting, "card").content.decode()
    form = page[page.index('class="maker-look"') :]
    assert form.index('name="look"') < form.index("Write it on this card")


@pytest.mark.parametrize("card", ["", "x", "1", "0:1001", "{pk}:../x", "{pk}:", "99999999999999999999:1"])
def test_what_is_no_card_of_the_crm_is_refused(dialog, contacts, waiting, card):
    page = dialog(waiting, "card", card=card.format(pk=contacts.pk), look_for="").content.decode()
    assert "Choose one of the cards." in page
    assert not CardChoice.objects.exists()


def test_an_object_that_is_no_card_is_refused(dialog, crm, waiting):
    calls = CRMObject.objects.get(crm=crm, api_name="calls")
    assert "Choose one of the cards." in dialog(waiting, "card", card=f"{calls.pk}:1001").content.decode()


def test_a_card_that_is_gone_is_refused(dialog, contacts, waiting):
    assert "No such record." in dialog(waiting, "card", card=f"{contacts.pk}:4711").content.decode()
    assert not CardChoice.objects.exists()


def test_a_vendor_that_does_not_answer_is_told_in_the_window(dialog, vendor, waiting):
    vendor.fail("find", NotSent("No connection."))
    page = dialog(waiting, "card").content.decode()
    assert "No connection." in page
    assert "Write it on this card" not in page


def test_what_is_delivered_meanwhile_asks_for_no_card(dialog, crm, contacts, waiting, ada):
    assign.assign(waiting.interaction, crm, contacts, "1001", ada)
    work()
    page = dialog(waiting, "card", card=f"{contacts.pk}:1002").content.decode()
    assert "no longer needs a card" in page
    assert CardChoice.objects.get().card_id == "1001"


def test_a_delivery_is_discarded_with_a_reason(dialog, vendor, waiting):
    dialog(waiting, "discard", reason="A wrong number.")
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.DISCARDED
    assert delivery.reason == "Discarded by Ada Admin: A wrong number."


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_nothing_is_discarded_without_a_reason_that_fits(dialog, waiting, reason):
    assert dialog(waiting, "discard", reason=reason).status_code == 200
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_what_is_discarded_stays_so_when_its_interaction_changes(dialog, crm, contacts, waiting, ada):
    dialog(waiting, "discard", reason="A wrong number.")
    post(status="missed", recording_url="https://pbx.example/1.mp3")
    assign.assign(waiting.interaction, crm, contacts, "1001", ada)
    work()
    assert Delivery.objects.get().state == DeliveryState.DISCARDED


def test_what_is_discarded_is_replayed_one_by_one_only(dialog, client, waiting):
    dialog(waiting, "discard", reason="A wrong number.")
    selected = {"action": "replay_selected", "_selected_action": [waiting.pk]}
    client.post(reverse("admin:interactions_delivery_changelist"), selected)
    assert Delivery.objects.get().state == DeliveryState.DISCARDED
    dialog(waiting, "replay", go="1")
    assert Delivery.objects.get().state == DeliveryState.PENDING


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.DELIVERED])
def test_what_is_under_way_or_delivered_is_not_discarded(waiting, ada, state):
    Delivery.objects.move(state=state)
    assert not discard.discard(waiting, "x", ada)
    assert Delivery.objects.get().state == state


def test_who_may_not_discard_discards_nothing(waiting, omar):
    with pytest.raises(PermissionDenied):
        discard.discard(waiting, "x", omar)


def test_the_page_of_a_delivery_offers_what_can_be_decided(client, people, vendor, waiting):
    own = reverse("admin:interactions_delivery_change", args=[waiting.pk])
    offered = {"ada": "card replay discard", "omar": "card replay", "vera": ""}
    for person, names in offered.items():
        client.force_login(people[person])
        page = client.get(own).content.decode()
        for name in ("card", "replay", "discard"):
            address = reverse(f"admin:interactions_delivery_{name}", args=[waiting.pk])
            assert (f'hx-get="{address}"' in page) is (name in names.split()), (person, name)


def test_a_given_up_delivery_can_be_moved_to_another_card(dialog, vendor, contacts):
    post(customer_phone=OTHER)
    vendor.fail("create", Refused("Refused."))
    work()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.DEAD
    dialog(delivery, "card", card=f"{contacts.pk}:1001")
    work()
    assert [call["contactId"] for call in vendor.calls()] == ["1001"]
    assert not replay.may_replay(Delivery.objects.get())


def test_a_value_of_a_megabyte_is_cut_where_cards_are_listed(dialog, vendor, waiting):
    for record in vendor.records["contacts"].values():
        record["lastName"] = "x" * 300_000
    page = dialog(waiting, "card").content.decode()
    assert page.count('name="card"') == 2
    assert len(page) < 100_000
