from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SSOConfig(AppConfig):
    name = "sso"
    verbose_name = _("SSO connectors")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from sso import checks, overview, sessions  # noqa: F401 - they register what they hold
        from sso.models import Association, PinnedIdentity, SSOConnector

        for model in (SSOConnector, PinnedIdentity):
            auditlog.register(model)
        auditlog.register(Association, exclude_fields=["generation"])
