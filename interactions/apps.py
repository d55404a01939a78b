from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from interactions import overview, samples  # noqa: F401 - they register what they hold
        from interactions.actions import deletion  # noqa: F401 - they register what they hold
        from interactions.models import ApiKey
        from interactions.queue import suspension  # noqa: F401 - it listens to methods that start and stop

        auditlog.register(ApiKey, exclude_fields=["prefix", "digest", "last_used_at", "created_at"])
