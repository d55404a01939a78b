"""Why a delivery is where it is: kept as a code with values, by which the Maker filters and which it translates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from authmethods import grants, status
from integrations.errors import NeedsReconnection, Refused
from integrations.zoho_desk import reasons as of_zoho
from interactions import reasons
from interactions.actions import replay
from interactions.models import Attempt, Delivery, DeliveryState
from tests.interactions.promise import post as post_to_acme
from tests.interactions.steps import post, work

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
LIST = "/maker/interactions/delivery/"


@pytest.fixture
def refused(crm, vendor):
    vendor.fail("create", None, Refused(of_zoho.NO_ID(of="record")))
    post()
    work()


def test_a_refusal_is_kept_with_its_code_in_the_delivery_and_its_attempt(refused, only):
    delivery, attempt = only(), Attempt.objects.get(outcome="refused")
    for code, values in (
        (delivery.reason_code, delivery.reason_values),
        (attempt.message_code, attempt.message_values),
    ):
        assert (code, values) == ("zoho_desk.no_id", {"of": "record"})
    assert delivery.reason == str(of_zoho.NO_ID(of="record"))


def test_what_zoho_refuses_field_by_field_is_one_reason_with_the_fields_in_it(acme, only):
    errors = [{"fieldName": "/priority", "errorType": "invalid", "errorMessage": ""}]
    body = {"errorCode": "INVALID_DATA", "message": "", "errors": errors}
    acme.stand_in.fault("answer", "POST", "/api/v1/calls", status=422, body=body)
    post_to_acme(1)
    work()
    assert (only().state, only().reason_code) == (DeliveryState.DEAD, "zoho_desk.invalid_data_fields")
    assert only().reason_values == {"fields": "priority"}
    assert only().reason.endswith("Fields: priority.")


def test_what_is_delivered_in_the_end_keeps_no_reason(refused, only, ada, vendor):
    replay.replay(Delivery.objects.all(), ada)
    work()
    assert (only().state, only().reason, only().reason_code) == (DeliveryState.DELIVERED, "", "")


def test_the_list_offers_the_reasons_that_there_are_and_filters_by_them(refused, crm, maker):
    post("r2", customer_phone="")
    work()
    page = maker.get(LIST)
    assert "The … id is not one of" in page.content.decode()
    filtered = maker.get(f"{LIST}?reason={reasons.PICK_A_CARD.code}")
    [waiting] = filtered.context["cl"].result_list
    assert waiting.state == DeliveryState.WAITING
    assert not maker.get(f"{LIST}?reason=nothing.of_that_kind").context["cl"].result_list


def test_a_reader_of_another_language_reads_it_in_that_one(refused, only, maker, monkeypatch):
    texts = {of_zoho.NO_ID.text: "Die Nummer ({of}) ist keine von Zoho Desk."}
    monkeypatch.setattr("maker.reasons.gettext", lambda text: texts.get(text, text))
    assert "Die Nummer (record) ist keine von Zoho Desk." in maker.get(LIST).content.decode()
    assert only().reason.startswith("The record id"), "what is kept stays in English"


def test_a_process_that_asked_no_vendor_yet_knows_its_reasons_all_the_same():
    """The web server shows what a worker kept; a vendor's folder is imported only when it is needed."""
    knows = "import django; django.setup(); from maker.reasons import texts; print('zoho_desk.invalid_data' in texts())"
    told = subprocess.run([sys.executable, "-c", knows], check=True, capture_output=True, text=True, cwd=ROOT)
    assert told.stdout.strip() == "True"


def test_what_waits_for_a_reconnection_says_so_by_a_code_and_the_vendors_words(crm, method, only):
    status.mark_needs_reconnection(method, of_zoho.GRANT_REFUSED(cause="It was revoked."))
    method.refresh_from_db()
    with pytest.raises(NeedsReconnection) as caught:
        grants.require_enabled(method)
    assert caught.value.reason.code == "method.refused"
    assert caught.value.message == method.status_reason != ""
