"""A customer's contact is merged or trashed in Zoho Desk: his next call lands where he is now, exactly once.

Nobody asks for a known contact before writing on it: that it is gone shows in the answer to the call (zoho-facts 4.6).
"""

from __future__ import annotations

import pytest

from crm.models import CRM, CRMObject, FormValue, KnownCard
from interactions.actions import assign, changes
from interactions.api.schemas import InteractionChange
from interactions.models import Delivery, DeliveryState, Interaction
from tests.interactions.promise import assert_exactly_once, known_contact, make_contact, merge, merge_away, post, trash
from tests.interactions.steps import settle, states, work

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+33612990000"


def asked_since(zoho, since):
    """Method and path of each request to Zoho Desk since then."""
    return [(entry["method"], entry["path"].partition("/api/v1")[2]) for entry in zoho.stand_in.journal(since)]


def now(zoho):
    """The number of the newest request in the stand-in's journal."""
    return zoho.stand_in.journal()[-1]["number"]


def contact_of_the_newest_call(zoho):
    newest = Delivery.objects.latest("pk")
    calls = {call["id"]: call for call in zoho.stand_in.records("eu", "acme", "calls")}
    return calls[newest.remote_id]["contactId"]


@pytest.fixture
def known(acme):
    """The customer was here before: we made his contact."""
    post(1, customers=1)
    work()
    return acme


def test_a_call_on_a_known_contact_is_one_request(known):
    before = now(known)
    post(1, customers=1, start=1)
    work()
    assert asked_since(known, before) == [("POST", "/calls")]
    assert contact_of_the_newest_call(known) == known_contact(PHONE)


def test_a_form_that_shows_more_of_the_contact_than_its_id_reads_it(known):
    FormValue.objects.filter(field__api_name="subject").update(template="Call of {{card['lastName']}}")
    contact, before = known_contact(PHONE), now(known)
    post(1, customers=1, start=1)
    work()
    assert asked_since(known, before) == [("GET", f"/contacts/{contact}"), ("POST", "/calls")]
    subjects = [call["subject"] for call in known.stand_in.records("eu", "acme", "calls")]
    assert [subject for subject in subjects if subject.startswith("Call of Customer 0 [")]


@pytest.mark.parametrize("answer", ["404", "422"])
def test_the_call_of_a_merged_contact_lands_on_the_one_that_remains(known, answer):
    known.stand_in.set_knobs(merged_contact=answer)
    remains = merge_away(known, PHONE)
    post(1, customers=1, start=1)
    work()
    assert contact_of_the_newest_call(known) == remains
    assert_exactly_once(known, 2)
    assert [attempt.outcome for attempt in Delivery.objects.latest("pk").attempts.all()] == ["gone", "delivered"]
    assert not KnownCard.objects.exists(), "the search finds him from now on"


def test_while_the_search_still_shows_a_contact_that_is_gone_the_call_waits(known):
    gone = known_contact(PHONE)
    trash(known, gone, shown_for=600)
    post(1, customers=1, start=1)
    work()
    assert states() == ["delivered", "pending"]
    known.stand_in.advance(601)
    settle(rounds=2)
    assert states() == ["delivered", "delivered"]
    assert contact_of_the_newest_call(known) == known_contact(PHONE) != gone


def test_a_merged_contact_that_the_search_shows_beside_the_other_makes_nobody_choose(known):
    gone, remains = known_contact(PHONE), make_contact(PHONE)
    known.stand_in.set_knobs(search_lag=600)
    merge(known, gone, remains)
    post(1, customers=1, start=1)
    work()
    assert states() == ["delivered", "delivered"]
    assert contact_of_the_newest_call(known) == remains
    assert_exactly_once(known, 2)


def test_every_waiting_call_of_a_merged_contact_finds_the_one_that_remains(known):
    remains = merge_away(known, PHONE)
    post(4, customers=1, start=1)
    work()
    calls = known.stand_in.records("eu", "acme", "calls")
    assert {call["contactId"] for call in calls if "[DL-" in call["subject"]} == {remains}
    assert_exactly_once(known, 5)


def test_the_call_of_a_trashed_contact_lands_on_a_new_one(known):
    gone = known_contact(PHONE)
    trash(known, gone)
    post(2, customers=1, start=1)
    work()
    assert contact_of_the_newest_call(known) == known_contact(PHONE) != gone
    records = known.stand_in.records("eu", "acme", "contacts")
    assert len([record for record in records if record["phone"] == PHONE]) == 1
    written = [call for call in known.stand_in.records("eu", "acme", "calls") if call["contactId"] != gone]
    assert len([call for call in written if "[DL-" in call["subject"]]) == 2


def test_a_merged_contact_whose_number_two_others_have_waits_for_an_agent_and_is_not_looked_for(known, ada):
    """Zoho refused the call, so there is nothing to look for once the agent has picked."""
    first, second = make_contact(PHONE), merge_away(known, PHONE)
    post(1, customers=1, start=1)
    work()
    waiting = Delivery.objects.latest("pk")
    assert (waiting.state, waiting.may_exist) == (DeliveryState.WAITING, False)
    target = CRMObject.objects.get(is_card=True)
    before = now(known)
    assign.assign(Interaction.objects.latest("pk"), CRM.objects.get(), target, second, ada)
    work()
    assert asked_since(known, before) == [("POST", "/calls")]
    assert contact_of_the_newest_call(known) == second != first
    assert_exactly_once(known, 2)


def test_a_call_whose_answer_was_lost_is_found_though_its_contact_was_merged_meanwhile(known):
    known.stand_in.fault("lost_answer", "POST", "/api/v1/calls")
    post(1, customers=1, start=1)
    work()
    remains = merge_away(known, PHONE)
    settle(rounds=4)
    assert states() == ["delivered", "delivered"]
    assert contact_of_the_newest_call(known) == remains, "Zoho moves the calls of a merged contact"
    assert_exactly_once(known, 2)


def test_a_recording_follows_its_call_to_the_contact_that_remains(known):
    remains = merge_away(known, PHONE)
    changes.change(Interaction.objects.get(), InteractionChange(recording_url="https://pbx.example/1.mp3"))
    work()
    assert states() == ["delivered"]
    assert contact_of_the_newest_call(known) == remains
