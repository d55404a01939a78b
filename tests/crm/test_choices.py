"""Whose card it is when several could be, and what an agent's choice is worth."""

from __future__ import annotations

import pytest

from crm.customers import claims
from crm.customers import resolve as customers
from crm.customers.cards import candidates
from crm.models import CRMObject, KnownCard, OnSeveral
from crm.stores.local import LocalStore
from integrations.types import Search
from tests.crm.conftest import context

pytestmark = pytest.mark.django_db

MARTIN = context(customer_name="Martin", customer_phone="+33612345678")


def resolve(crm, search):
    return customers.card_for(crm, search, MARTIN, claimed_by="worker")


def test_several_cards_are_left_to_the_agent_or_the_latest_is_taken(local, contacts):
    store = LocalStore(local)
    first = store.create(contacts, {"lastName": "One", "phone": "+33612345678"})
    store.create(contacts, {"lastName": "Two", "phone": "+33612345678"})
    store.update(contacts, first.id, {"lastName": "One again"})
    search = Search(phone="+33612345678")
    several = resolve(local, search)
    assert (several.kind, len(several.cards)) == ("several", 2)
    local.on_several = OnSeveral.LATEST
    assert resolve(local, search).card.record.id == first.id


def test_the_object_that_comes_first_on_screen_and_has_a_card_wins(local, contacts):
    first = CRMObject.objects.create(crm=local, name="VIPs", api_name="vips", priority=0)
    first.fields.create(name="Phone", api_name="phone", type="phone")
    store = LocalStore(local)
    store.create(contacts, {"lastName": "Martin", "phone": "+33612345678"})
    search = Search(phone="+33612345678")
    assert [card.object.name for card in candidates(local, search)] == ["Contacts"]
    store.create(first, {"phone": "+33612345678"})
    assert [card.object.name for card in candidates(local, search)] == ["VIPs"]


def test_a_choice_of_the_agent_adds_to_what_is_found_and_can_be_forgotten(local, contacts):
    store = LocalStore(local)
    one = store.create(contacts, {"lastName": "One", "phone": "+33612345678"})
    two = store.create(contacts, {"lastName": "Two", "phone": "+33699999999"})
    search = Search(phone="+33612345678")
    customers.remember(contacts, search, two.id)
    assert [card.record.id for card in resolve(local, search).cards] == [one.id, two.id]
    customers.remember(contacts, search, one.id)
    assert resolve(local, search).card.record.id == one.id
    customers.remember(contacts, search, two.id)
    customers.forget(contacts, two.id)
    assert resolve(local, search).card.record.id == one.id


def test_a_claim_under_way_is_not_overwritten_by_a_choice(contacts):
    claims.take(contacts, ["phone:+33612345678"], "worker")
    customers.remember(contacts, Search(phone="+33612345678"), "7")
    assert KnownCard.objects.get().card_id == ""
