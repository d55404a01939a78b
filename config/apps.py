from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesklineConfig(AppConfig):
    name = "config"
    verbose_name = _("Deskline")

    def ready(self) -> None:
        from celery.signals import worker_init

        from config import checks

        worker_init.connect(checks.warn_of_eviction, dispatch_uid="config.eviction")
