from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelephonyConfig(AppConfig):
    name = "telephony"
    verbose_name = _("Telephone systems")

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from telephony.models import TelephonySystem

        auditlog.register(TelephonySystem)
