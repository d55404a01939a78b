"""Agents choose cards, operators replay, and the Banner asks what is going on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.models import CRM, CRMObject, OnNone
from integrations.errors import Refused
from interactions import context, live
from interactions.actions import assign, replay
from interactions.models import CardChoice, Delivery, DeliveryState, Interaction
from tests.interactions.steps import PHONE, make_crm, make_method, post, settle, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def contacts(crm, vendor):
    vendor.records["contacts"] = {key: {"phone": PHONE, "marker": ""} for key in ("1001", "1002")}
    return CRMObject.objects.get(crm=crm, api_name="contacts")


def test_the_card_that_an_agent_picked_is_written_on(crm, vendor, only, contacts, ada):
    interaction = post()
    work()
    assert only().state == DeliveryState.WAITING
    assign.assign(interaction, crm, contacts, "1002", ada)
    work()
    assert only().state == DeliveryState.DELIVERED
    assert [call["contactId"] for call in vendor.calls()] == ["1002"]


def test_a_card_picked_during_the_call_is_kept_for_its_end(crm, vendor, only, contacts, ada):
    interaction = post(status="in_progress", ended_at=None)
    assign.assign(interaction, crm, contacts, "1001", ada)
    assert not Delivery.objects.exists()
    post()
    work()
    assert [call["contactId"] for call in vendor.calls()] == ["1001"]


def test_what_is_written_moves_to_the_card_picked_later(crm, vendor, only, contacts, ada):
    interaction = post()
    assign.assign(interaction, crm, contacts, "1001", ada)
    work()
    assign.assign(interaction, crm, contacts, "1002", ada)
    work()
    assert [call["contactId"] for call in vendor.calls()] == ["1002"]
    assert [kind for kind, _ in vendor.journal].count("update") == 1


def test_a_card_picked_while_it_is_being_sent_is_not_lost(crm, vendor, only, contacts, ada):
    interaction = post()

    def pick(kind):
        if kind == "find":
            assign.assign(interaction, crm, contacts, "1002", ada)

    vendor.before = pick
    work()
    assert only().state == DeliveryState.DELIVERED
    assert [call["contactId"] for call in vendor.calls()] == ["1002"]


def test_a_picked_card_that_is_gone_is_looked_up_again(crm, vendor, only, contacts, ada):
    interaction = post()
    assign.assign(interaction, crm, contacts, "999", ada)
    del vendor.records["contacts"]["1001"]
    work()
    assert [call["contactId"] for call in vendor.calls()] == ["1002"]
    assert not CardChoice.objects.exists()


def test_a_skipped_interaction_can_still_be_assigned(crm, vendor, only, contacts, ada):
    CRM.objects.update(on_none=OnNone.SKIP)
    interaction = post(customer_phone="")
    work()
    assert only().state == DeliveryState.SKIPPED
    assign.assign(interaction, crm, contacts, "1001", ada)
    work()
    assert only().state == DeliveryState.DELIVERED


def test_a_card_of_another_crm_is_refused(crm, vendor, contacts, ada):
    other = make_crm(make_method("Other"), reference="other")
    interaction = post()
    with pytest.raises(assign.NothingToWrite):
        assign.assign(interaction, other, contacts, "1001", ada)
    assert not CardChoice.objects.exists()


def test_without_a_rule_there_is_nothing_to_write(crm, vendor, rule, contacts, ada):
    type(rule).objects.update(is_active=False)
    interaction = post()
    with pytest.raises(assign.NothingToWrite, match="No rule"):
        assign.assign(interaction, crm, contacts, "1001", ada)
    assert not CardChoice.objects.exists()


def test_a_replay_after_the_cure_delivers(crm, vendor, only, omar):
    post()
    vendor.fail("create", None, Refused("Refused."))
    work()
    assert only().state == DeliveryState.DEAD
    assert replay.replay(Delivery.objects.all(), omar) == 1
    work()
    assert only().state == DeliveryState.DELIVERED
    assert only().reason == ""


def test_a_replay_of_what_is_delivered_does_nothing(crm, vendor, only, omar):
    post()
    work()
    assert replay.replay(Delivery.objects.all(), omar) == 0
    settle(rounds=1)
    assert len(vendor.calls()) == 1


def test_many_replays_of_one_delivery_make_one_record(crm, vendor, only, omar):
    post()
    vendor.fail("create", None, Refused("Refused."))
    work()
    for _ in range(5):
        replay.replay(Delivery.objects.all(), omar)
        work()
    assert len(vendor.calls()) == 1


def test_who_may_not_replay_replays_nothing(crm, vendor, only, vera):
    post()
    vendor.fail("create", None, Refused("Refused."))
    work()
    with pytest.raises(PermissionDenied):
        replay.replay(Delivery.objects.all(), vera)
    assert only().state == DeliveryState.DEAD


def test_an_agent_sees_his_interactions_under_way_apart_from_those_that_ended(crm, vendor, omar):
    ended = timezone.now()
    post("now", status="ringing", ended_at=None, agent=omar.username)
    post("ended", agent=omar.username)
    post("someone else's")
    never = post("never ended", status="ringing", ended_at=None, agent=omar.username)
    Interaction.objects.filter(pk=never.pk).update(created_at=ended - timedelta(hours=13))
    assert [interaction.reference for interaction in live.under_way(omar)] == ["now"]
    assert {interaction.reference for interaction in live.recent(omar)} == {"ended", "never ended"}


def test_an_agent_sees_nothing_of_a_crm_that_his_profile_does_not_grant(crm, vendor, omar, django_assert_num_queries):
    post("ended", agent=omar.username)
    seen = list(live.recent(omar))
    with django_assert_num_queries(2):
        live.load_writing(seen, [crm.pk])
    assert [len(shown(interaction)) for interaction in seen] == [1]
    seen = list(live.recent(omar))
    live.load_writing(seen, [])
    assert [shown(interaction) for interaction in seen] == [[]]


def shown(interaction):
    return interaction.seen_deliveries


def test_magic_fields_read_texts_and_never_objects(crm, omar):
    interaction = post(agent=omar.username, subject="", extra={"a": [1]})
    told = context.build(interaction, crm)
    assert told["user"] == {"email": omar.username, "name": "Omar"}
    assert told["interaction"]["subject"] == "Inbound call from Marie Curie"
    assert told["interaction"]["duration"] == 60
    assert told["crm"]["reference"] == "desk"
    assert told["card"] == {}
