from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm.models import CRMObject, LocalCard, LocalKey
from crm.stores import local as room
from crm.stores.local import LocalStore
from integrations.errors import RecordGone, Refused
from integrations.types import Search

CLAIRE = {"lastName": "Martin", "phone": "+33612345678", "email": "claire@example.com"}


@pytest.fixture
def store(local):
    return LocalStore(local)


def test_a_card_is_found_by_number_and_by_e_mail_however_written(store, contacts):
    made = store.create(contacts, CLAIRE)
    for search in (Search(phone="+33 6 12 34 56 78"), Search(email="CLAIRE@example.com"), Search(name="arti")):
        assert [record.id for record in store.find(contacts, search)] == [made.id]
    assert store.find(contacts, Search(phone="+33699999999")) == []
    assert store.find(contacts, Search(phone="anonymous")) == []
    assert made.title == "Martin"


def test_the_card_that_was_changed_last_comes_first(store, contacts):
    first, second = store.create(contacts, CLAIRE), store.create(contacts, {**CLAIRE, "lastName": "Twin"})
    store.update(contacts, first.id, {"lastName": "Changed"})
    assert [record.id for record in store.find(contacts, Search(phone=CLAIRE["phone"]))] == [first.id, second.id]


def test_a_changed_number_is_found_under_the_new_one_only(store, contacts):
    card = store.create(contacts, CLAIRE)
    store.update(contacts, card.id, {"phone": "+33700000000"})
    assert store.find(contacts, Search(phone=CLAIRE["phone"])) == []
    assert store.find(contacts, Search(phone="+33700000000"))[0].values["email"] == "claire@example.com"


def test_a_create_repeated_under_its_marker_makes_one_card(store, contacts):
    one, other = store.create(contacts, CLAIRE, "m1"), store.create(contacts, CLAIRE, "m1")
    assert one.id == other.id
    assert LocalCard.objects.count() == 1
    found = store.look_for(contacts, "m1", datetime.now(UTC), CLAIRE)
    assert found is not None
    assert found.id == one.id
    assert store.look_for(contacts, "m2", datetime.now(UTC), CLAIRE) is None


def test_values_that_do_not_fit_are_refused_by_field_and_nothing_is_kept(store, contacts):
    with pytest.raises(Refused) as caught:
        store.create(contacts, {"lastName": "Martin", "email": "nobody", "shoe": "42"})
    assert set(caught.value.fields) == {"email", "shoe"}
    with pytest.raises(Refused) as caught:
        store.create(contacts, {})
    assert set(caught.value.fields) == {"lastName"}
    assert LocalCard.objects.count() == 0


def test_an_unknown_caller_without_a_name_becomes_a_card_by_his_number(store, contacts):
    assert store.create(contacts, {"phone": "+33612345678"}).title == "+33612345678"


def test_a_card_of_another_object_or_none_is_gone(store, contacts, calls):
    card = store.create(contacts, CLAIRE)
    for target, record_id in ((calls, card.id), (contacts, "999999"), (contacts, "x"), (contacts, "")):
        with pytest.raises(RecordGone):
            store.read(target, record_id)
        with pytest.raises(RecordGone):
            store.update(target, record_id, {"lastName": "x"})


def test_field_names_that_look_like_look_ups_are_only_names(store, contacts):
    CRMObject.objects.get(pk=contacts.pk).fields.filter(api_name="lastName").update(api_name="values__contains")
    store.create(contacts, {"values__contains": "Martin", "phone": "+33612345678"})
    assert len(store.find(contacts, Search(name="martin"))) == 1


def test_emptying_deletes_every_card_of_this_crm(store, local, contacts):
    store.create(contacts, CLAIRE)
    store.create(contacts, CLAIRE)
    assert room.empty(local) == 2
    assert (LocalCard.objects.count(), LocalKey.objects.count()) == (0, 0)


def test_fifty_cards_of_one_number_cost_as_many_queries_as_one(store, contacts, django_assert_max_num_queries):
    for number in range(50):
        store.create(contacts, {**CLAIRE, "lastName": f"Twin {number}"})
    target = CRMObject.objects.get(pk=contacts.pk)
    with django_assert_max_num_queries(2):
        found = store.find(target, Search(phone=CLAIRE["phone"]))
    assert {record.title for record in found} == {f"Twin {number}" for number in range(50)}
