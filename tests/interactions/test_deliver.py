"""What becomes of one delivery, whatever the vendor answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm.models import CRMField, CRMObject, FormValue, OnNone, OnSeveral
from crm.vocabulary import Status
from integrations.errors import Misconfigured, NotSent, RecordGone, Refused, Throttled, Unauthorised
from interactions.actions import changes, replay
from interactions.api.schemas import InteractionChange
from interactions.delivery import outcome
from interactions.models import Attempt, Delivery, DeliveryState
from tests.interactions.steps import PHONE, post, settle, states, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_finished_interaction_becomes_one_call_on_a_new_contact(crm, vendor, only):
    post()
    work()
    delivery = only()
    assert delivery.state == DeliveryState.DELIVERED
    assert [call["subject"] for call in vendor.calls()] == ["Call r1"]
    assert delivery.remote_url.endswith(delivery.remote_id)
    assert delivery.sent_version == 1
    assert [attempt.outcome for attempt in delivery.attempts.all()] == ["delivered"]


def test_an_unfinished_interaction_is_not_written_until_it_ends(crm, vendor):
    interaction = post(status="ringing", ended_at=None)
    work()
    assert vendor.calls() == []
    changes.change(interaction, InteractionChange(status=Status.COMPLETED))
    work()
    assert len(vendor.calls()) == 1


def test_what_was_not_sent_is_tried_again_on_schedule(crm, vendor, only):
    post()
    vendor.fail("create", None, NotSent("No connection."))
    work()
    delivery = only()
    assert (delivery.state, delivery.attempts_made) == (DeliveryState.PENDING, 1)
    assert delivery.write_began_at is None
    wait = (delivery.next_attempt_at - datetime.now(UTC)).total_seconds()
    assert 3 < wait <= 6.1
    settle(rounds=2)
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_after_the_whole_schedule_it_is_given_up(crm, vendor, only):
    post()
    vendor.fail("find", *[NotSent("No connection.")] * 40)
    settle(rounds=30, step=3 * 24 * 3600)
    delivery = only()
    assert (delivery.state, delivery.attempts_made) == (DeliveryState.DEAD, 12)
    assert delivery.reason == "No connection."
    assert delivery.attempts.count() == 12


def test_a_throttle_burns_no_attempt_and_its_longer_wish_wins(crm, vendor, only):
    post()
    until = datetime.now(UTC) + timedelta(hours=2)
    vendor.fail("create", None, Throttled("Slow down.", until=until, code="THRESHOLD_EXCEEDED", status=429))
    work()
    delivery = only()
    assert (delivery.state, delivery.attempts_made) == (DeliveryState.PENDING, 0)
    assert abs(delivery.next_attempt_at - until) < timedelta(seconds=2)


def test_a_refusal_is_final_and_names_the_fields(crm, vendor, only):
    post()
    vendor.fail(
        "create", None, Refused("Zoho refused it.", fields={"subject": "too long"}, code="INVALID_DATA", status=422)
    )
    settle(rounds=3)
    delivery = only()
    assert (delivery.state, delivery.error_code) == (DeliveryState.DEAD, "INVALID_DATA")
    assert delivery.error_fields == {"subject": "too long"}
    attempt = delivery.attempts.get()
    assert (attempt.status, attempt.outcome) == (422, "refused")
    assert delivery.write_began_at is None


def test_a_wrong_setting_waits_for_a_person(crm, vendor, only):
    post()
    vendor.fail("find", Misconfigured("The scope is missing.", code="SCOPE_MISMATCH", status=403))
    work()
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "configuration")


def test_a_token_refused_twice_is_tried_later(crm, vendor, only):
    post()
    vendor.fail("create", None, Unauthorised("The token was refused.", status=401))
    work()
    assert only().state == DeliveryState.PENDING
    assert only().write_began_at is None


def test_a_merged_contact_is_looked_up_again_once(crm, vendor, only):
    post("r1")
    work()
    vendor.records["contacts"].clear()
    vendor.fail("read", None)
    post("r2")
    work()
    assert len(vendor.calls()) == 2
    assert {call["contactId"] for call in vendor.calls()} >= set(vendor.records["contacts"])


def test_a_contact_gone_between_search_and_write_is_replaced(crm, vendor, only):
    vendor.records["contacts"]["900"] = {"phone": PHONE, "marker": ""}
    vendor.fail("create", RecordGone("Merged away.", status=404))
    post()
    work()
    assert only().state == DeliveryState.DELIVERED
    assert [attempt.outcome for attempt in only().attempts.all()] == ["gone", "delivered"]


def test_a_contact_that_stays_gone_ends_the_delivery(crm, vendor, only):
    vendor.records["contacts"]["900"] = {"phone": PHONE, "marker": ""}
    vendor.fail("create", *[RecordGone("Merged away.", status=404)] * 2 * (outcome.MOST_GONE + 1))
    post()
    settle(rounds=outcome.MOST_GONE, step=800)
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "gone")
    assert only().attempts_made == outcome.MOST_GONE + 1


def test_nobody_to_write_it_on_waits_for_an_agent(crm, vendor, only):
    crm.on_none = OnNone.AGENT
    crm.save()
    post()
    work()
    assert only().state == DeliveryState.WAITING


def test_nobody_to_write_it_on_may_be_skipped(crm, vendor, only):
    crm.on_none = OnNone.SKIP
    crm.save()
    post()
    work()
    assert only().state == DeliveryState.SKIPPED


def test_several_cards_wait_for_an_agent(crm, vendor, only):
    vendor.records["contacts"] = {key: {"phone": PHONE, "marker": ""} for key in ("1001", "1002")}
    post()
    work()
    assert only().state == DeliveryState.WAITING
    assert "Several" in only().reason


def test_several_cards_may_mean_the_latest(crm, vendor, only):
    crm.on_several = OnSeveral.LATEST
    crm.save()
    vendor.records["contacts"] = {key: {"phone": PHONE, "marker": ""} for key in ("1001", "1002")}
    post()
    work()
    assert only().state == DeliveryState.DELIVERED


def test_a_caller_without_a_number_never_makes_a_card(crm, vendor, only):
    post(customer_phone="anonymous", customer_name="")
    work()
    assert only().state == DeliveryState.WAITING
    assert vendor.records["contacts"] == {}


def test_a_rule_for_another_object_of_card_skips(crm, vendor, only, rule):
    rule.card_objects.set([CRMObject.objects.create(crm=crm, name="Accounts", api_name="accounts", priority=9)])
    vendor.records["contacts"]["900"] = {"phone": PHONE, "marker": ""}
    vendor.records["accounts"] = {}
    post()
    work()
    assert (only().state, only().error_kind) == (DeliveryState.SKIPPED, "rule")


def test_a_form_that_cannot_be_filled_is_named_and_not_repeated(crm, vendor, only, rule):
    value = FormValue.objects.get(assignment=rule, field__api_name="subject")
    value.field.required = True
    value.field.save()
    FormValue.objects.filter(pk=value.pk).update(template="{{interaction.queue}}")
    post()
    settle(rounds=2)
    delivery = only()
    assert (delivery.state, delivery.error_kind) == (DeliveryState.DEAD, "form")
    assert "subject" in delivery.error_fields
    assert vendor.calls() == []


def test_a_bug_of_ours_ends_the_delivery_and_what_may_be_written_is_looked_for(crm, vendor, only, ada):
    def broken(kind):
        if kind == "create" and vendor.records["contacts"]:
            raise ZeroDivisionError("secret 0612345678")

    vendor.before = broken
    post()
    settle(rounds=2)
    delivery = only()
    assert (delivery.state, delivery.error_kind, delivery.error_code) == (
        DeliveryState.DEAD,
        "internal",
        "ZeroDivisionError",
    )
    assert "secret" not in delivery.reason
    assert delivery.write_began_at is not None
    vendor.before = lambda kind: None
    replay.replay(type(delivery).objects.all(), ada)
    settle(rounds=4)
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_a_deleted_rule_writes_nothing_and_says_so(crm, vendor, only, rule):
    post()
    rule.delete()
    work()
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "configuration")
    assert vendor.calls() == []


def test_two_rules_write_two_records(crm, vendor, rule):
    second = type(rule).objects.create(target=rule.target, name="Second")
    for value in rule.values.all():
        FormValue.objects.create(assignment=second, field=value.field, template=value.template)
    post()
    work()
    assert len(vendor.calls()) == 2
    assert len(vendor.records["contacts"]) == 1


def test_the_attempt_is_noted_before_the_request_goes_out(crm, vendor, only):
    seen = []

    def look(kind):
        if kind == "create" and vendor.records["contacts"]:
            seen.append((only().write_began_at is not None, Attempt.objects.filter(finished_at=None).count()))

    vendor.before = look
    post()
    work()
    assert seen == [(True, 1)]


def test_an_old_pattern_that_cannot_be_used_ends_no_delivery(crm, vendor, only):
    CRMObject.objects.get(crm=crm, api_name="calls").fields.filter(api_name="subject").update(pattern=r"(?!Call).+")
    post()
    work()
    assert only().state == DeliveryState.DELIVERED
    assert [call["subject"] for call in vendor.calls()] == ["Call r1"]


@pytest.mark.parametrize("alone", [False, True], ids=["in a batch", "alone"])
def test_no_card_is_made_for_a_record_that_could_not_be_written(crm, vendor, rule, alone):
    rule.values.filter(field__api_name="subject").update(template="{{interaction.subjekt}}")
    CRMField.objects.filter(object=rule.target, api_name="subject").update(required=True)
    for number in range(10):
        post(f"r{number}", customer_phone=f"+336129900{number:02d}")
    Delivery.objects.update(alone=alone)
    work()
    assert states() == ["dead"] * 10
    assert not vendor.records["contacts"]
    assert list(Delivery.objects.values_list("error_fields", flat=True)[0]) == ["subject"]


def test_no_card_is_made_for_a_rule_that_does_not_ask_for_such_cards(crm, vendor, only, rule):
    rule.card_objects.set([CRMObject.objects.create(crm=crm, name="Accounts", api_name="accounts", priority=9)])
    vendor.records["accounts"] = {}
    post()
    work()
    assert only().state == "skipped"
    assert not vendor.records["contacts"]
