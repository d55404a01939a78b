"""What waits for its connection, and how it goes on."""

from __future__ import annotations

import pytest

from authmethods import status
from authmethods.models import AuthenticationMethod
from authmethods.models import Status as MethodStatus
from authmethods.signals import method_enabled
from integrations.errors import Misconfigured, NeedsReconnection
from interactions.delivery import deliver
from interactions.models import DeliveryState
from interactions.queue import claim, recovery
from tests.interactions.steps import make_method, post, settle, states, work
from tests.interactions.vendor import LOST

pytestmark = pytest.mark.django_db(transaction=True)


def enable(method):
    """As a consent does, without one."""
    AuthenticationMethod.objects.filter(pk=method.pk).update(status=MethodStatus.ENABLED)
    method_enabled.send(sender=AuthenticationMethod, method=method)


def test_a_stopped_method_holds_and_burns_nothing(crm, vendor, only):
    post("r1")
    status.disable(crm.method)
    assert (only().state, only().attempts_made) == (DeliveryState.HELD, 0)
    post("r2")
    assert states() == ["held", "held"]
    settle(rounds=3, step=3600)
    assert states() == ["held", "held"]
    enable(crm.method)
    work()
    assert states() == ["delivered", "delivered"]
    assert len(vendor.calls()) == 2


def test_a_refused_grant_holds_what_met_it(crm, vendor, only):
    post()
    vendor.before = lambda kind: status.mark_needs_reconnection(crm.method, "The grant was refused.")
    vendor.fail("find", NeedsReconnection("Reconnect the method."))
    work()
    assert (only().state, only().attempts_made) == (DeliveryState.HELD, 0)
    vendor.before = lambda kind: None
    recovery.sweep()
    assert only().state == DeliveryState.HELD
    enable(crm.method)
    work()
    assert only().state == DeliveryState.DELIVERED


def test_a_method_disabled_under_our_feet_is_no_failure(crm, vendor, only):
    post()

    def stop(kind):
        AuthenticationMethod.objects.update(status=MethodStatus.DISABLED)

    vendor.before = stop
    vendor.fail("create", Misconfigured("The method is disabled."))
    work()
    assert only().state == DeliveryState.HELD
    assert only().write_began_at is None


def test_what_was_claimed_before_the_method_was_disabled_asks_nothing(crm, vendor, only):
    post()
    (mine,) = claim.take(crm.method_id)
    AuthenticationMethod.objects.update(status=MethodStatus.DISABLED)
    deliver.deliver(mine)
    assert (only().state, only().attempts_made) == (DeliveryState.HELD, 0)
    assert vendor.journal == []
    assert only().attempts.count() == 0


def test_what_was_held_while_its_outcome_was_unknown_is_looked_for(crm, vendor, only):
    post()
    vendor.fail("create", None, LOST)
    work()
    status.disable(crm.method)
    assert only().state == DeliveryState.HELD
    enable(crm.method)
    assert only().state == DeliveryState.UNKNOWN
    work()
    assert only().state == DeliveryState.DELIVERED
    assert len(vendor.calls()) == 1


def test_the_sweep_finds_an_enabling_whose_signal_was_lost(crm, vendor, only):
    post()
    status.disable(crm.method)
    AuthenticationMethod.objects.update(status=MethodStatus.ENABLED)
    recovery.sweep()
    work()
    assert only().state == DeliveryState.DELIVERED


def test_what_is_not_sent_follows_its_crm_to_another_method(crm, vendor, only):
    status.disable(crm.method)
    post()
    assert only().state == DeliveryState.HELD
    crm.method = make_method("Second")
    crm.save()
    recovery.sweep()
    work(crm.method_id)
    assert only().state == DeliveryState.DELIVERED


def test_what_may_be_written_does_not_follow_to_another_portal(crm, vendor, only):
    post()
    vendor.fail("create", None, LOST)
    work()
    crm.method = make_method("Second")
    AuthenticationMethod.objects.filter(pk=crm.method.pk).update(organisation_id="2")
    crm.save()
    settle(rounds=3)
    assert (only().state, only().error_kind) == (DeliveryState.DEAD, "configuration")
    assert len(vendor.calls()) == 1
