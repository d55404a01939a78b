"""At most one card per unknown customer. The stand-in's records and journal judge, not our own rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone

from crm import recommended
from crm.customers import claims
from crm.customers import resolve as customers
from crm.models import CRM, KnownCard, OnNone
from crm.stores.opening import open_store
from integrations.errors import IntegrationError, Misconfigured, Refused, Throttled
from integrations.types import Search
from tests.crm.conftest import context

UNKNOWN = Search(phone="+33699887766")
NEWCOMER = context(customer_name="Nadia Newcomer", customer_phone="+33699887766")

CONTACTS = "/api/v1/contacts"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crm(zoho, ada):
    crm = CRM.objects.create(name="Zoho Desk", reference="zoho", method=zoho.method(by=ada))
    recommended.add_recommended(crm)
    return crm


@pytest.fixture
def target(crm):
    return crm.crm_objects.get(api_name="contacts")


def resolve(crm, search=UNKNOWN, about=NEWCOMER, by="worker"):
    return customers.card_for(crm, search, about, claimed_by=by)


def newcomers(zoho):
    return [r for r in zoho.stand_in.records("eu", "acme", "contacts") if r.get("lastName") == "Nadia Newcomer"]


def trash(zoho, contact_id):
    """As an agent does in Zoho Desk."""
    portal = zoho.stand_in.world.portal("eu", "acme")
    zoho.stand_in.do(lambda: portal.modules["contacts"].remove(contact_id, zoho.stand_in.world.clock.now()))


def pass_time(seconds):
    back = timedelta(seconds=seconds)
    KnownCard.objects.update(lease_expires_at=F("lease_expires_at") - back, write_began_at=F("write_began_at") - back)


def test_an_unknown_customer_becomes_one_contact_that_is_found_at_once(zoho, crm):
    zoho.stand_in.set_knobs(search_lag=600)
    first, second = resolve(crm), resolve(crm)
    assert (first.kind, second.kind) == ("card", "card")
    assert first.card.record.id == second.card.record.id
    assert len(newcomers(zoho)) == 1


def test_eight_workers_with_the_same_unknown_number_make_one_contact(zoho, crm):
    zoho.stand_in.set_knobs(search_lag=600, latency=0.05)

    def work(number):
        try:
            return resolve(crm, by=f"worker-{number}").kind
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        kinds = list(pool.map(work, range(8)))
    assert set(kinds) <= {"card", "later"}
    assert "card" in kinds
    assert len(newcomers(zoho)) == 1
    assert [entry["method"] for entry in zoho.asked("/contacts")].count("POST") == 1
    assert resolve(crm).kind == "card"


def test_eight_workers_and_a_lost_answer_make_one_contact(zoho, crm):
    zoho.stand_in.set_knobs(search_lag=600, latency=0.02)
    zoho.stand_in.fault("lost_answer", "POST", CONTACTS)

    def work(number):
        try:
            return resolve(crm, by=f"worker-{number}").kind
        finally:
            connections.close_all()

    kinds = []
    for _round in range(3):
        with ThreadPoolExecutor(8) as pool:
            kinds = list(pool.map(work, range(8)))
        pass_time(6)
    assert kinds == ["card"] * 8
    assert len(newcomers(zoho)) == 1


def test_a_lost_answer_is_looked_for_before_anything_is_written_again(zoho, crm):
    zoho.stand_in.set_knobs(search_lag=600)
    zoho.stand_in.fault("lost_answer", "POST", CONTACTS)
    lost = resolve(crm)
    assert lost.kind == "later"
    assert lost.retry_at is not None
    assert resolve(crm).kind == "later", "the claim rests for some seconds"
    pass_time(6)
    found = resolve(crm)
    assert found.kind == "card"
    assert found.card.record.id == newcomers(zoho)[0]["id"]
    assert len(newcomers(zoho)) == 1


def test_an_answer_lost_before_anything_was_done_leads_to_one_contact_after_the_settling_time(zoho, crm):
    zoho.stand_in.fault("500", "POST", CONTACTS)
    assert resolve(crm).kind == "later"
    pass_time(6)
    assert resolve(crm).kind == "later", "its absence proves nothing yet"
    assert newcomers(zoho) == []
    pass_time(330)
    assert resolve(crm).kind == "card"
    assert len(newcomers(zoho)) == 1


def test_lists_that_lag_make_no_second_contact_before_the_settling_time(zoho, crm):
    zoho.stand_in.set_knobs(search_lag=600, list_lag=20)
    zoho.stand_in.fault("lost_answer", "POST", CONTACTS)
    assert resolve(crm).kind == "later"
    pass_time(10)
    assert resolve(crm).kind == "later"
    pass_time(15)
    zoho.stand_in.advance(25)
    assert resolve(crm).kind == "card"
    assert len(newcomers(zoho)) == 1


def test_a_card_that_does_not_show_is_looked_for_less_and_less_often(zoho, crm):
    zoho.stand_in.set_knobs(search_lag=600, list_lag=600)
    zoho.stand_in.fault("lost_answer", "POST", CONTACTS)
    waits = []
    for seconds in (0, 10, 60, 120):
        pass_time(seconds)
        later = resolve(crm)
        waits.append((later.retry_at - timezone.now()).total_seconds())
    assert waits == [pytest.approx(wait, abs=1) for wait in (5, 5, 17, 47)]
    assert len(newcomers(zoho)) == 1


def test_a_look_that_fails_keeps_the_memory_of_what_may_have_been_written(zoho, crm):
    zoho.stand_in.set_knobs(search_lag=600)
    zoho.stand_in.fault("lost_answer", "POST", CONTACTS)
    assert resolve(crm).kind == "later"
    pass_time(100)
    zoho.stand_in.fault("503", "GET", CONTACTS, count=9)
    with pytest.raises(IntegrationError):
        resolve(crm)
    zoho.stand_in.world.faults.clear()
    pass_time(30)
    assert resolve(crm).kind == "card"
    assert len(newcomers(zoho)) == 1


def test_a_customer_refused_as_a_duplicate_is_the_one_that_somebody_made_meanwhile(zoho, crm, target):
    zoho.stand_in.set_knobs(search_lag=600, duplicate_email="refuse")
    about = context(customer_name="Nadia Newcomer", customer_phone="", customer_email="nadia@example.org")
    made = open_store(crm).create(target, {"lastName": "Nadia Newcomer", "email": "nadia@example.org"})
    found = resolve(crm, Search(email="nadia@example.org"), about)
    assert found.card.record.id == made.id
    assert len(newcomers(zoho)) == 1


def test_a_worker_that_died_before_sending_is_replaced_when_its_lease_ends(zoho, crm, target):
    assert claims.take(target, ["phone:+33699887766"], "dead") is not None
    assert resolve(crm).kind == "later"
    pass_time(claims.LEASE.total_seconds() + 1)
    assert resolve(crm).kind == "card"
    assert len(newcomers(zoho)) == 1


def test_a_worker_that_lost_its_claim_sends_nothing(zoho, target):
    slow = claims.take(target, ["phone:+33699887766"], "slow")
    pass_time(claims.LEASE.total_seconds() + 1)
    assert claims.take(target, ["phone:+33699887766"], "quick") is not None
    assert slow is not None
    assert not claims.begin_write(slow, {})


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no clock but this machine's.")
def test_a_worker_whose_clock_is_ahead_takes_no_customer_from_another(zoho, crm, target, monkeypatch):
    """Nor does it take the settling time for over: what time it is, the database says."""
    zoho.stand_in.set_knobs(search_lag=600, list_lag=600)
    zoho.stand_in.fault("lost_answer", "POST", "/api/v1/contacts")
    assert resolve(crm).kind == "later"
    pass_time(10)
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(hours=1))
    assert resolve(crm).kind == "later"
    assert len(newcomers(zoho)) == 1
    assert claims.take(target, ["phone:+33699000000"], "right") is not None
    assert claims.take(target, ["phone:+33699000000"], "ahead") is None


def test_one_of_many_takes_over_an_abandoned_claim(target):
    claims.take(target, ["phone:+33699887766"], "dead")
    pass_time(claims.LEASE.total_seconds() + 1)

    def take(number):
        try:
            return claims.take(target, ["phone:+33699887766"], f"worker-{number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        taken = [claim for claim in pool.map(take, range(8)) if claim]
    assert len(taken) == 1


def test_a_customer_with_number_and_e_mail_is_claimed_under_both(zoho, crm):
    both = Search(phone="+33699887766", email="nadia@example.org")
    about = context(customer_name="Nadia Newcomer", customer_phone=both.phone, customer_email=both.email)
    zoho.stand_in.set_knobs(search_lag=600)
    made = resolve(crm, both, about)
    by_mail = resolve(crm, Search(email="Nadia@example.org"), about)
    assert by_mail.card.record.id == made.card.record.id
    assert len(newcomers(zoho)) == 1


def test_a_refusal_lets_the_customer_go_so_that_the_next_try_makes_him(zoho, crm):
    zoho.stand_in.fault("forbidden", "POST", CONTACTS)
    with pytest.raises(Misconfigured):
        resolve(crm)
    assert KnownCard.objects.count() == 0
    assert resolve(crm).kind == "card"
    assert len(newcomers(zoho)) == 1


def test_being_told_to_wait_lets_the_customer_go(zoho, crm):
    zoho.stand_in.fault("429_concurrency", "POST", CONTACTS, count=9)
    with pytest.raises(Throttled):
        resolve(crm)
    assert KnownCard.objects.count() == 0
    assert newcomers(zoho) == []


def test_values_that_zoho_refuses_are_told_by_field_and_nothing_is_claimed(zoho, crm):
    with pytest.raises(Refused) as caught:
        resolve(crm, about=context(customer_name="x" * 300, customer_phone="+33699887766"))
    assert "lastName" in caught.value.fields
    assert KnownCard.objects.count() == 0


def test_no_connection_burns_no_claim(zoho, crm):
    zoho.stand_in.fault("drop_before", "GET", f"{CONTACTS}/search", count=20)
    with pytest.raises(IntegrationError):
        resolve(crm)
    assert KnownCard.objects.count() == 0


def test_a_card_that_was_trashed_in_zoho_is_looked_up_again(zoho, crm):
    first = resolve(crm)
    trash(zoho, first.card.record.id)
    second = resolve(crm)
    assert second.kind == "card"
    assert second.card.record.id != first.card.record.id


def test_an_anonymous_customer_is_nobody(zoho, crm):
    for search in (Search(), Search(phone="anonymous"), Search(name="Somebody")):
        assert resolve(crm, search).kind == "none"
    assert KnownCard.objects.count() == 0


@pytest.mark.parametrize("choice", [OnNone.AGENT, OnNone.SKIP])
def test_a_crm_that_creates_no_cards_says_that_there_is_none(zoho, crm, choice):
    crm.on_none = choice
    assert resolve(crm).kind == "none"
    assert newcomers(zoho) == []
