"""A connection that leads elsewhere after something was sent: to another portal, or by another method to the same."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from authmethods import consent, organisation, status
from authmethods.models import AuthenticationMethod, Kind, PendingGrant
from crm.models import CRM
from interactions.actions import changes
from interactions.api.schemas import InteractionChange
from interactions.models import Delivery, DeliveryState, Interaction
from interactions.queue import recovery
from tests.interactions.promise import assert_exactly_once, post
from tests.interactions.steps import settle, work
from tests.zoho import returned

pytestmark = pytest.mark.django_db(transaction=True)

RECORDING = "https://pbx.example/1.mp3"


def marked(zoho, portal):
    """The calls of a portal that we wrote."""
    return [one for one in zoho.stand_in.records("eu", portal, "calls") if "[DL-" in one["subject"]]


def reconnect(zoho, method, portal, by):
    """Its administrator consents again, for this portal."""
    AuthenticationMethod.objects.filter(pk=method.pk).update(environment_url=zoho.url_of(portal))
    method.refresh_from_db()
    session = SessionStore()
    session.create()
    kind = Kind.SANDBOX if portal == "acmesandbox" else Kind.PRODUCTION
    answer = zoho.accept(consent.begin(method, kind, by, session), portal)
    known = method.organisation_id
    enabled = consent.complete(returned(by, session.session_key, answer))
    if isinstance(enabled, PendingGrant):
        (other,) = [one for one in organisation.offers(enabled) if one.id != known]
        organisation.pick(enabled, other.id, by)
    method.refresh_from_db()


def record_arrives():
    changes.change(Interaction.objects.get(), InteractionChange(recording_url=RECORDING))


def test_what_may_be_written_is_not_written_again_where_its_method_leads_now(acme, ada):
    """The same method, consented to for another portal: the call would not be found there, and made a second time."""
    acme.stand_in.fault("lost_answer", "POST", "/api/v1/calls")
    post(1, customers=1)
    work()
    method = AuthenticationMethod.objects.get()
    reconnect(acme, method, "acmesandbox", ada)
    settle(rounds=4)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_kind) == (DeliveryState.DEAD, "configuration")
    assert "another portal" in delivery.reason
    assert (len(marked(acme, "acme")), marked(acme, "acmesandbox")) == (1, [])
    reconnect(acme, method, "acme", ada)
    record_arrives()
    settle(rounds=2)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert_exactly_once(acme, 1)


def test_an_update_is_not_sent_to_another_portal_than_its_call(acme, ada):
    post(1, customers=1)
    work()
    reconnect(acme, AuthenticationMethod.objects.get(), "acmesandbox", ada)
    before = acme.stand_in.journal()[-1]["number"]
    record_arrives()
    work()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_kind) == (DeliveryState.DEAD, "configuration")
    assert acme.stand_in.journal(before) == []


@pytest.fixture
def second(acme, ada):
    """Another method to the same portal."""
    return acme.method("acme", "Second", by=ada)


def former():
    """The method by which everything was sent so far."""
    return AuthenticationMethod.objects.get(name="Zoho Desk")


def follow(method):
    crm = CRM.objects.get()
    crm.method = method
    crm.save()


def test_an_update_that_was_held_goes_on_by_the_method_that_its_crm_has_now(acme, second):
    post(1, customers=1)
    work()
    status.disable(former())
    record_arrives()
    recovery.sweep()
    assert Delivery.objects.get().state == DeliveryState.HELD
    follow(second)
    settle(rounds=1)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert Delivery.objects.get().method == second
    assert_exactly_once(acme, 1)


def test_an_update_of_what_a_former_method_wrote_is_not_held_for_it(acme, second):
    post(1, customers=1)
    work()
    follow(second)
    status.disable(former())
    record_arrives()
    recovery.sweep()  # before a worker heard the ring
    work()
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_an_update_of_what_a_deleted_method_wrote_is_sent_by_the_present_one(acme, second):
    post(1, customers=1)
    work()
    follow(second)
    former().delete()
    record_arrives()
    settle(rounds=1)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_a_lost_answer_is_looked_for_by_the_method_that_its_crm_has_now(acme, second):
    acme.stand_in.fault("lost_answer", "POST", "/api/v1/calls")
    post(1, customers=1)
    work()
    status.disable(former())
    follow(second)
    former().delete()
    settle(rounds=4)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert_exactly_once(acme, 1)


def test_what_was_sent_before_portals_were_remembered_has_that_of_its_method(acme):
    post(1, customers=1)
    work()
    post(1, customers=1, start=1)
    Delivery.objects.update(portal="")
    import_module("interactions.migrations.0006_portal_of_what_was_sent").fill(apps, connection.schema_editor())
    method = former()
    sent, waiting = Delivery.objects.order_by("pk")
    assert (sent.portal, waiting.portal) == (f"eu:{method.organisation_id}", "")
