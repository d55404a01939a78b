"""What a person decides about deliveries stays in the history, though no form of theirs is saved."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from crm.models import CRMObject
from interactions.models import Delivery, DeliveryState, Interaction
from tests.interactions.steps import PHONE, post, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(crm, vendor):
    vendor.records["contacts"] = {key: {"phone": PHONE, "lastName": key, "marker": ""} for key in ("1001", "1002")}
    post()
    work()
    return Delivery.objects.get()


def ask(browser, delivery, dialog, **data):
    return browser.post(reverse(f"admin:interactions_delivery_{dialog}", args=[delivery.pk]), data)


def noted(row):
    entries = LogEntry.objects.get_for_object(row).order_by("pk")
    return [(str(entry.actor), entry.remote_addr, entry.changes) for entry in entries]


def told(browser, row):
    name = f"admin:interactions_{row._meta.model_name}_history"
    return " ".join(browser.get(reverse(name, args=[row.pk])).content.decode().split())


def test_who_discarded_and_who_replayed_stays_known_after_the_next_decision(maker, waiting):
    ask(maker, waiting, "discard", reason="A wrong number of Marie Curie.")
    ask(maker, waiting, "replay")
    assert noted(waiting) == [
        ("Ada Admin", "127.0.0.1", {"state": ["Waiting for a card", "Discarded"]}),
        ("Ada Admin", "127.0.0.1", {"state": ["Discarded", "Replayed"]}),
    ]
    assert "Ada Admin" in told(maker, waiting)
    assert "Marie" not in told(maker, waiting)  # what a person typed goes when the call is deleted


def test_each_of_many_deliveries_that_are_replayed_at_once_is_noted(maker, crm, vendor):
    for number in range(3):
        post(f"r{number}")
    Delivery.objects.move(state=DeliveryState.DEAD)
    untouched = Delivery.objects.get(interaction__reference="r2")
    Delivery.objects.filter(pk=untouched.pk).move(state=DeliveryState.DELIVERED)
    chosen = {"action": "replay_selected", "_selected_action": list(Delivery.objects.values_list("pk", flat=True))}
    maker.post(reverse("admin:interactions_delivery_changelist"), chosen)
    for delivery in Delivery.objects.exclude(pk=untouched.pk):
        assert noted(delivery) == [("Ada Admin", "127.0.0.1", {"state": ["Given up", "Replayed"]})]
    assert noted(untouched) == []


def test_what_is_not_done_is_not_noted(maker, waiting):
    Delivery.objects.move(state=DeliveryState.DELIVERED)
    ask(maker, waiting, "discard", reason="x")
    ask(maker, waiting, "replay")
    assert noted(waiting) == []


def test_the_card_that_was_chosen_is_noted_on_the_call(maker, crm, waiting):
    contacts = CRMObject.objects.get(crm=crm, api_name="contacts")
    for card in ("1001", "1002"):
        Delivery.objects.move(state=DeliveryState.WAITING)
        ask(maker, waiting, "card", card=f"{contacts.pk}:{card}", look_for="")
    assert [changes for _by, _at, changes in noted(Interaction.objects.get())] == [
        {"card in desk": ["", "1001"]},
        {"card in desk": ["1001", "1002"]},
    ]
    assert "1002" in told(maker, Interaction.objects.get())
