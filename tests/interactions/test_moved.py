"""A call is written, and then the card that it is to move to, or that its form shows, is merged away or trashed.

What is gone, the call or the card, is asked and never guessed. The call stays one, and what else changed reaches it.
"""

from __future__ import annotations

import pytest

from crm.models import CRM, Assignment, CRMObject, FormValue, KnownCard
from interactions.actions import assign, changes, discard, replay
from interactions.api.schemas import InteractionChange
from interactions.delivery import outcome
from interactions.models import CardChoice, Delivery, DeliveryState, Interaction
from tests.interactions.promise import assert_exactly_once, known_contact, make_contact, merge, merge_away, post, trash
from tests.interactions.steps import settle, work

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, OTHER = "+33612990000", "+33612990099"
RECORDING = "https://pbx.example/1.mp3"


@pytest.fixture
def written(acme):
    """The customer's call is written on the contact that we made for him."""
    post(1, customers=1)
    work()
    return acme


def pick(contact, by):
    """The agent moves the call to this contact."""
    assign.assign(Interaction.objects.get(), CRM.objects.get(), CRMObject.objects.get(is_card=True), contact, by)


def record_arrives():
    changes.change(Interaction.objects.get(), InteractionChange(recording_url=RECORDING))


def call(zoho):
    """The one call that carries a marker, as Zoho has it."""
    (found,) = [one for one in zoho.stand_in.records("eu", "acme", "calls") if "[DL-" in one["subject"]]
    assert found["id"] == Delivery.objects.get().remote_id
    return found


def recording(zoho):
    field = FormValue.objects.get(template="{{interaction.recording_url}}").field.api_name
    found = call(zoho)
    return found["cf"].get(field) if field.startswith("cf_") else found[field]


@pytest.mark.parametrize("answer", ["404", "422"])
def test_a_call_moved_to_a_contact_that_was_merged_lands_on_the_one_that_remains(written, ada, answer):
    written.stand_in.set_knobs(merged_contact=answer)
    picked = make_contact(OTHER)
    pick(picked, ada)
    remains = known_contact(PHONE)
    merge(written, picked, remains)
    record_arrives()
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert (call(written)["contactId"], recording(written)) == (remains, RECORDING)
    outcomes = Delivery.objects.get().attempts.values_list("outcome", flat=True)
    assert list(outcomes) == ["delivered", "gone", "found", "delivered"]
    assert_exactly_once(written, 1)


@pytest.mark.parametrize("answer", ["404", "422"])
def test_a_call_moved_to_a_merged_contact_follows_the_customer_to_another_one(written, ada, answer):
    written.stand_in.set_knobs(merged_contact=answer)
    picked = make_contact(PHONE)
    pick(picked, ada)
    first = known_contact(PHONE)
    remains = make_contact(PHONE)
    merge(written, first, remains)
    merge(written, picked, remains)
    written.stand_in.set_knobs(search_lag=600)  # of nothing that happens from here on
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert call(written)["contactId"] == remains
    assert CardChoice.objects.get().card_id == remains
    assert not KnownCard.objects.filter(card_id=picked).exists()
    assert_exactly_once(written, 1)


def test_a_contact_known_to_be_gone_does_not_count_while_the_search_still_shows_it(written, ada):
    picked = make_contact(PHONE)
    pick(picked, ada)
    remains = make_contact(PHONE)
    merge(written, known_contact(PHONE), remains)
    written.stand_in.set_knobs(search_lag=600)
    merge(written, picked, remains)
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert call(written)["contactId"] == remains


def test_where_several_match_a_person_picks_and_the_recording_is_written_meanwhile(written, ada):
    former, other, picked = known_contact(PHONE), make_contact(PHONE), make_contact(PHONE)
    pick(picked, ada)
    merge(written, picked, other)
    record_arrives()
    work()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.WAITING
    assert "is gone" in delivery.reason
    assert "Several cards match" in delivery.reason
    assert "administrator on the page of this delivery" in delivery.reason
    assert (call(written)["contactId"], recording(written)) == (former, RECORDING)
    assert delivery.card_id == former, "people see the card that it is written on"
    pick(other, ada)
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert call(written)["contactId"] == other
    assert_exactly_once(written, 1)


def test_what_waits_for_a_person_goes_on_waiting_when_something_else_changes(written, ada, omar):
    """The wish to move the call is not lost by the next recording, nor by a replay."""
    picked = make_contact(PHONE)
    pick(picked, ada)
    merge(written, picked, make_contact(PHONE))
    work()
    assert Delivery.objects.get().state == DeliveryState.WAITING
    record_arrives()
    work()
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert recording(written) == RECORDING
    replay.replay(Delivery.objects.all(), omar)
    work()
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert_exactly_once(written, 1)


def test_a_move_that_was_made_without_an_answer_and_then_merged_is_not_taken_back(written, ada):
    """Where the call is now, Zoho or somebody there decided: that his number leads elsewhere, a person shall weigh."""
    picked, remains = make_contact(OTHER), make_contact(OTHER)
    written.stand_in.fault("lost_answer", "PATCH", f"/api/v1/calls/{call(written)['id']}")
    pick(picked, ada)
    work()
    merge(written, picked, remains)
    record_arrives()
    settle(rounds=1)
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.WAITING
    assert "moved to another card meanwhile" in delivery.reason
    assert (call(written)["contactId"], recording(written)) == (remains, RECORDING)
    replay.replay(Delivery.objects.all(), ada)
    work()
    assert (Delivery.objects.get().state, call(written)["contactId"]) == (DeliveryState.WAITING, remains)
    pick(remains, ada)
    work()
    assert (Delivery.objects.get().state, call(written)["contactId"]) == (DeliveryState.DELIVERED, remains)
    assert Delivery.objects.get().card_id == remains


def test_a_move_that_was_made_without_an_answer_to_a_contact_that_is_trashed_then_goes_on(written, ada):
    picked = make_contact(OTHER)
    written.stand_in.fault("lost_answer", "PATCH", f"/api/v1/calls/{call(written)['id']}")
    pick(picked, ada)
    work()
    assert call(written)["contactId"] == picked
    trash(written, picked)
    settle(rounds=1)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert call(written)["contactId"] == CardChoice.objects.get().card_id == known_contact(PHONE)


def test_nobody_is_made_in_zoho_to_move_a_call_to(written, ada):
    picked = make_contact(OTHER)
    pick(picked, ada)
    trash(written, picked)
    trash(written, known_contact(PHONE))
    KnownCard.objects.all().delete()
    contacts = len(written.stand_in.records("eu", "acme", "contacts"))
    record_arrives()
    work()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.WAITING
    assert "No card matches" in delivery.reason
    assert recording(written) == RECORDING
    assert len(written.stand_in.records("eu", "acme", "contacts")) == contacts


def test_while_the_search_shows_only_what_is_gone_the_call_waits_and_then_moves(written, ada):
    former, picked = known_contact(PHONE), make_contact(PHONE)
    merge(written, former, picked)
    former, picked = picked, make_contact(PHONE)
    pick(picked, ada)
    written.stand_in.set_knobs(search_lag=100)
    trash(written, former, shown_for=0)
    remains = make_contact(PHONE)
    merge(written, picked, remains)
    record_arrives()
    work()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_kind, delivery.attempts_made) == (DeliveryState.PENDING, "gone", 1)
    assert recording(written) == RECORDING
    written.stand_in.advance(101)
    settle(rounds=1)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert call(written)["contactId"] == remains
    assert_exactly_once(written, 1)


def test_a_search_that_shows_only_what_is_gone_for_long_ends_with_a_person(written, ada):
    former, picked = known_contact(PHONE), make_contact(PHONE)
    pick(picked, ada)
    trash(written, former)
    trash(written, picked, shown_for=10**6)
    settle(rounds=outcome.MOST_GONE + 1, step=800)
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.WAITING
    assert "is gone" in delivery.reason


@pytest.mark.parametrize("picks", [True, False])
def test_a_call_that_is_gone_itself_is_not_written_again_and_says_what_to_do(written, ada, picks):
    call_id = call(written)["id"]
    trash(written, call_id, module="calls")
    if picks:
        pick(make_contact(OTHER), ada)
    record_arrives()
    settle(rounds=2)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_kind) == (DeliveryState.DEAD, "gone")
    assert "no second one is written" in delivery.reason
    assert "Restore it there, then replay, or discard the delivery" in delivery.reason
    assert not [one for one in written.stand_in.records("eu", "acme", "calls") if "[DL-" in one["subject"]]
    assert KnownCard.objects.exists(), "the contact is there still"
    assert discard.discard(delivery, "Trashed on purpose.", ada)


def test_a_call_restored_from_the_bin_takes_the_update_when_it_is_replayed(written, ada):
    kept = call(written)
    trash(written, kept["id"], module="calls")
    record_arrives()
    work()
    world = written.stand_in.world
    calls = world.portal("eu", "acme").modules["calls"]
    written.stand_in.do(lambda: calls.put(kept, world.clock.now()))
    replay.replay(Delivery.objects.all(), ada)
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert recording(written) == RECORDING
    assert_exactly_once(written, 1)


@pytest.fixture
def named(acme):
    """The form shows the contact's name, and the call is written so."""
    FormValue.objects.filter(field__api_name="subject").update(template="Call of {{card.lastName}}")
    post(1, customers=1)
    work()
    assert call(acme)["subject"].startswith("Call of Customer 0 [")
    return acme


def test_a_form_that_shows_the_contact_shows_the_one_that_zoho_moved_the_call_to(named):
    """Zoho says itself where the call hangs now: no search is needed, which may not show him yet."""
    named.stand_in.set_knobs(search_lag=600)
    remains = merge_away(named, PHONE)
    record_arrives()
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert Delivery.objects.get().card_id == remains
    assert call(named)["subject"].startswith("Call of Remains [DL-")
    assert (call(named)["contactId"], recording(named)) == (remains, RECORDING)
    assert_exactly_once(named, 1)


def test_a_form_that_shows_a_trashed_contact_leaves_what_it_showed(named):
    contact = known_contact(PHONE)
    trash(named, contact)
    record_arrives()
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert call(named)["subject"].startswith("Call of Customer 0 [DL-")
    assert (call(named)["contactId"], recording(named)) == (contact, RECORDING)


def test_what_else_an_update_names_and_zoho_does_not_know_is_told_as_it_is(written, ada):
    """The call is there and its card is there: nobody is looked up for that."""
    subject = CRMObject.objects.get(is_card=False).fields.get(api_name="subject")
    ticket = subject.object.fields.create(name="Ticket", api_name="ticketId", type=subject.type)
    FormValue.objects.create(
        assignment=Assignment.objects.get(), field=ticket, template="{{interaction.qualification}}"
    )
    picked = make_contact(OTHER)
    pick(picked, ada)
    gone = {"errorCode": "URL_NOT_FOUND", "message": "x"}
    written.stand_in.fault("answer", "PATCH", "/api/v1/calls/*", status=404, body=gone)
    changes.change(Interaction.objects.get(), InteractionChange(qualification="198400000000000001"))
    work()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_kind) == (DeliveryState.DEAD, "gone")
    assert CardChoice.objects.get().card_id == picked
