"""Deliveries of a connection that is not enabled wait, use up no attempts, and go on by themselves."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.db.models.signals import post_save
from django.dispatch import receiver

from authmethods import agreement
from authmethods.models import AuthenticationMethod
from authmethods.models import Status as MethodStatus
from authmethods.signals import method_enabled, method_stopped
from core import clock
from crm.models import CRM
from interactions import reasons
from interactions.models import Delivery, DeliveryState
from interactions.queue import states, wakeup
from interactions.queue.states import MAY_EXIST

LEFT_BEHIND = ~Q(method=F("assignment__target__crm__method"))
"""Sent by a method that its CRM does not use any more: whoever takes it up sees whether the present one will do."""
USABLE = Q(method__isnull=True) | Q(method__status=MethodStatus.ENABLED) | LEFT_BEHIND


def hold() -> int:
    """At a connection that is not enabled, or that no process can open. What is being sent is left alone."""
    stopped = list(AuthenticationMethod.objects.exclude(status=MethodStatus.ENABLED).values_list("pk", flat=True))
    closed = agreement.opened_by_nobody().difference(stopped)
    held = 0
    for methods, reason in [
        (stopped, reasons.NOT_ENABLED),
        (closed, reasons.NO_KEYS),
    ]:
        if methods:
            rows = Delivery.objects.filter(method__in=methods).exclude(LEFT_BEHIND)
            held += states.suspend(rows, reason=reason)
    return held


def resume() -> int:
    usable = Delivery.objects.filter(USABLE, state=DeliveryState.HELD).exclude(method__in=agreement.opened_by_nobody())
    return states.resume(Delivery.objects.filter(pk__in=usable.values("pk")), now=clock.now())


@receiver(method_stopped)
def _on_stopped(**_event: Any) -> None:
    hold()


@receiver(method_enabled)
def _on_enabled(method: AuthenticationMethod, **_event: Any) -> None:
    if resume():
        wakeup.notify(method.pk)


@receiver(post_save, sender=CRM)
def _on_saved(instance: CRM, created: bool, **_event: Any) -> None:
    """What was not sent yet follows its CRM to another method; what may have been written stays where it was sent."""
    if created:
        return
    elsewhere = (
        ~Q(method=instance.method_id) | Q(method__isnull=True) if instance.method_id else Q(method__isnull=False)
    )
    rows = Delivery.objects.filter(elsewhere, assignment__target__crm=instance, remote_id="").exclude(MAY_EXIST)
    Delivery.objects.filter(pk__in=rows.values("pk")).update(method=instance.method_id)
