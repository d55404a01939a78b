"""Cards kept here go the same way; only, nothing refuses a call on one that is gone, so it is asked for first."""

from __future__ import annotations

import pytest

from crm.models import FormValue, Kind, LocalCard
from crm.stores.opening import open_store
from interactions.actions import assign, changes
from interactions.api.schemas import InteractionChange
from interactions.models import CardChoice, DeliveryState
from tests.interactions.steps import PHONE, make_crm, post, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_local_crm_goes_the_same_way(db, only):
    crm = make_crm(None, kind=Kind.LOCAL)
    post()
    work(None)
    assert only().state == DeliveryState.DELIVERED
    assert LocalCard.objects.filter(object__crm=crm, object__api_name="calls").count() == 1


def test_a_local_card_that_was_deleted_is_made_anew(db, only):
    make_crm(None, kind=Kind.LOCAL)
    post("r1")
    work(None)
    LocalCard.objects.filter(object__is_card=True).delete()
    post("r2")
    work(None)
    (card,) = LocalCard.objects.filter(object__is_card=True)
    newest = LocalCard.objects.filter(object__is_card=False).latest("pk")
    assert newest.values["contactId"] == str(card.pk)


def test_a_local_card_that_was_picked_and_deleted_is_looked_up_again(db, only, ada):
    crm = make_crm(None, kind=Kind.LOCAL)
    assign.assign(post(), crm, crm.crm_objects.get(is_card=True), "999", ada)
    work(None)
    (card,) = LocalCard.objects.filter(object__is_card=True)
    assert LocalCard.objects.get(object__is_card=False).values["contactId"] == str(card.pk)


def cards():
    return LocalCard.objects.filter(object__is_card=True)


def call():
    return LocalCard.objects.get(object__is_card=False)


def make_card(crm, phone=PHONE):
    return open_store(crm).create(crm.crm_objects.get(is_card=True), {"lastName": "Meitner", "phone": phone}).id


def test_a_call_moved_to_a_local_card_that_was_deleted_goes_to_the_one_that_the_customer_has(db, only, ada):
    crm = make_crm(None, kind=Kind.LOCAL)
    interaction = post()
    work(None)
    picked = make_card(crm)
    assign.assign(interaction, crm, crm.crm_objects.get(is_card=True), picked, ada)
    cards().exclude(pk=picked).delete()
    remains = make_card(crm)
    cards().filter(pk=picked).delete()
    work(None)
    assert only().state == DeliveryState.DELIVERED
    assert call().values["contactId"] == CardChoice.objects.get().card_id == remains


def test_a_local_call_whose_card_was_deleted_takes_what_changed_and_shows_what_it_showed(db, only):
    make_crm(None, kind=Kind.LOCAL)
    FormValue.objects.filter(field__api_name="subject").update(template="Call of {{card.lastName}}")
    interaction = post()
    work(None)
    cards().delete()
    changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    work(None)
    assert only().state == DeliveryState.DELIVERED
    assert call().values["subject"] == "Call of Marie Curie"
    assert call().values["recordingUrl"] == "https://pbx.example/1.mp3"
    assert not cards().exists()
