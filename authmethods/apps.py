from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthMethodsConfig(AppConfig):
    name = "authmethods"
    verbose_name = _("Authentication methods")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from authmethods import checks, overview, pages  # noqa: F401 - they register what they hold
        from authmethods.models import AuthenticationMethod

        # Secrets and tokens are in tables of their own, which no history, export or list ever reads.
        # `enabled_at` alone tells of a new consent for the same portal by the same person.
        auditlog.register(
            AuthenticationMethod, exclude_fields=["created_at", "status_reason_code", "status_reason_values"]
        )
