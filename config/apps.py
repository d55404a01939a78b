from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesklineConfig(AppConfig):
    name = "config"
    verbose_name = _("Deskline")

    def ready(self) -> None:
        from celery.signals import worker_init
        from django.conf import settings

        from config import checks
        from integrations.zoho_desk import datacentres

        if settings.ZOHO_DATA_CENTRES:
            datacentres.extend(settings.ZOHO_DATA_CENTRES)
        worker_init.connect(checks.warn_of_eviction, dispatch_uid="config.eviction")
