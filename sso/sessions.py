"""When something that `sso.backend` asks for changes, a generation grows: changing it back revives no session."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from authmethods.models import AuthenticationMethod, Status
from sso.models import Association, SSOConnector

BEGUN_SECONDS = 600


def keep_briefly(request: HttpRequest) -> None:
    """For a sign-in that begins: an unknown visitor may start one after the other and finish none."""
    if not request.user.is_authenticated:
        request.session.set_expiry(BEGUN_SECONDS)


@receiver(post_save, sender=AuthenticationMethod)
def of_a_disabled_method(instance: AuthenticationMethod, **_event: Any) -> None:
    if instance.status == Status.DISABLED:
        Association.objects.filter(connector__method=instance).update(generation=F("generation") + 1)


@receiver(pre_save, sender=SSOConnector)
def of_another_method(instance: SSOConnector, **_event: Any) -> None:
    if SSOConnector.objects.filter(pk=instance.pk).exclude(method=instance.method_id).exists():
        Association.objects.filter(connector=instance.pk).update(generation=F("generation") + 1)


@receiver(pre_save, sender=Association)
def of_another_connector(instance: Association, **_event: Any) -> None:
    if not instance._state.adding:
        instance.generation = F("generation") + 1
