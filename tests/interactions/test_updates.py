"""What changes after it was written, or while it is."""

from __future__ import annotations

import pytest

from integrations.errors import Refused
from interactions.actions import changes
from interactions.api.schemas import InteractionChange
from interactions.delivery import deliver
from interactions.models import DeliveryState, Interaction
from interactions.queue import claim
from tests.interactions.steps import PHONE, pass_time, post, settle, work
from tests.interactions.vendor import LOST

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_recording_that_comes_later_is_one_update(crm, vendor, only):
    interaction = post()
    work()
    assert vendor.calls()[0]["recordingUrl"] == "--"
    changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    work()
    assert vendor.calls()[0]["recordingUrl"] == "https://pbx.example/1.mp3"
    assert [kind for kind, _ in vendor.journal].count("update") == 1
    assert only().sent_version == only().interaction.version == 2


def test_only_what_changed_is_sent(crm, vendor, only):
    interaction = post()
    work()
    vendor.records["calls"][only().remote_id]["subject"] = "Edited by an agent"
    changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    work()
    assert vendor.calls()[0]["subject"] == "Edited by an agent"


def test_many_changes_are_one_update(crm, vendor, only):
    interaction = post()
    work()
    for qualification in ("a", "b", "c"):
        changes.change(interaction, InteractionChange(qualification=qualification))
    work()
    assert [kind for kind, _ in vendor.journal].count("update") == 1
    assert vendor.calls()[0]["subject"] == "Call r1 c"


def test_a_change_that_no_field_shows_sends_nothing(crm, vendor, only):
    interaction = post()
    work()
    changes.change(interaction, InteractionChange(queue="sales"))
    work()
    assert [kind for kind, _ in vendor.journal].count("update") == 0
    assert only().sent_version == 2


def test_a_change_while_it_is_being_sent_is_not_lost(crm, vendor, only):
    interaction = post()

    def change(kind):
        if kind == "create" and vendor.records["contacts"] and Interaction.objects.get().version == 1:
            changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))

    vendor.before = change
    work()
    assert vendor.calls()[0]["recordingUrl"] == "https://pbx.example/1.mp3"
    assert len(vendor.calls()) == 1
    assert only().state == DeliveryState.DELIVERED


def test_a_change_while_the_answer_is_lost_arrives_as_an_update(crm, vendor, only):
    interaction = post()
    vendor.fail("create", None, LOST)
    work()
    changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    settle(rounds=2)
    assert vendor.calls() == [vendor.calls()[0] | {"recordingUrl": "https://pbx.example/1.mp3"}]


def test_a_change_of_what_was_given_up_while_it_may_be_written_looks_first(crm, vendor, only):
    interaction = post()
    vendor.fail("create", None, LOST)
    vendor.fail("look", Refused("Not allowed.", code="FORBIDDEN", status=403))
    work()
    pass_time(3)
    work()
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "unsettled")
    changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    assert only().state == DeliveryState.UNKNOWN
    work()
    assert only().state == DeliveryState.DELIVERED
    assert [call["recordingUrl"] for call in vendor.calls()] == ["https://pbx.example/1.mp3"]


def test_a_change_while_a_look_ends_badly_is_a_new_chance_to_look(crm, vendor, only):
    """People see that it may be written, and what failed before the change does not count any more."""
    interaction = post()
    vendor.fail("create", None, LOST)
    work()
    pass_time(3)
    vendor.fail("look", Refused("Not allowed.", code="FORBIDDEN", status=403))
    vendor.before = lambda kind: kind == "look" and changes.change(interaction, InteractionChange(qualification="sold"))
    (mine,) = claim.take(crm.method_id)
    deliver.deliver(mine)
    assert (only().state, only().attempts_made) == (DeliveryState.UNKNOWN, 0)
    vendor.before = lambda kind: None
    work()
    assert only().state == DeliveryState.DELIVERED
    assert [call["subject"] for call in vendor.calls()] == ["Call r1 sold"]


def test_a_change_while_the_write_is_refused_is_written_anew(crm, vendor, only):
    interaction = post()
    vendor.fail("create", None, Refused("Refused."))

    def change(kind):
        if kind == "create" and vendor.records["contacts"]:
            changes.change(interaction, InteractionChange(qualification="sold"))

    vendor.before = change
    (mine,) = claim.take(crm.method_id)
    deliver.deliver(mine)
    assert (only().state, only().may_exist, only().attempts_made) == (DeliveryState.PENDING, False, 0)


def test_a_lost_answer_to_an_update_is_sent_again(crm, vendor, only):
    interaction = post()
    work()
    changes.change(interaction, InteractionChange(recording_url="https://pbx.example/1.mp3"))
    vendor.fail("update", LOST)
    settle(rounds=3)
    assert only().state == DeliveryState.DELIVERED
    assert vendor.calls()[0]["recordingUrl"] == "https://pbx.example/1.mp3"


def test_a_record_trashed_at_the_vendor_is_not_made_again(crm, vendor, only):
    interaction = post()
    work()
    vendor.records["calls"].clear()
    changes.change(interaction, InteractionChange(qualification="sold"))
    settle(rounds=2)
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "gone")
    assert vendor.calls() == []


def test_a_change_wakes_what_was_left_to_an_agent(crm, vendor, only):
    interaction = post(customer_phone="")
    work()
    assert only().state == DeliveryState.WAITING
    changes.change(interaction, InteractionChange(customer_phone=PHONE))
    work()
    assert only().state == DeliveryState.DELIVERED
