"""Zoho wants more rights than Deskline takes for enough (docs/zoho-facts.md 4.4)."""

from __future__ import annotations

import pytest

from authmethods.models import AuthenticationMethod
from integrations.zoho_desk.assumptions import assumed
from integrations.zoho_desk.scopes import OTHER_FAMILIES
from interactions.actions import replay
from interactions.models import Delivery, DeliveryState
from tests.interactions.promise import assert_exactly_once, post
from tests.interactions.steps import work

pytestmark = pytest.mark.django_db


def test_a_delivery_names_the_setting_and_arrives_once_after_the_consent_that_has_it(acme, ada, only, monkeypatch):
    acme.stand_in.set_knobs(scope_lists="all")
    post(1)
    work()
    delivery = only()
    assert (delivery.state, delivery.error_code) == (DeliveryState.DEAD, "SCOPE_MISMATCH")
    assert "nothing was written" in delivery.reason
    assert "name them under further_scopes on this server" in delivery.reason
    monkeypatch.setattr(assumed, "further_scopes", OTHER_FAMILIES)
    acme.connect(AuthenticationMethod.objects.get(), by=ada)
    replay.replay(Delivery.objects.all(), ada)
    work()
    assert_exactly_once(acme, 1)


def test_told_as_a_bad_token_it_is_tried_again_and_names_the_setting_too(acme, only):
    acme.stand_in.set_knobs(scope_lists="all", scope_refusal="INVALID_OAUTH")
    post(1)
    work()
    delivery = only()
    assert (delivery.state, delivery.error_code) == (DeliveryState.PENDING, "INVALID_OAUTH")
    assert "compare the granted rights" in delivery.reason
    assert "name them under further_scopes on this server" in delivery.reason
