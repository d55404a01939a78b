from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CRMConfig(AppConfig):
    name = "crm"
    verbose_name = _("CRM v2")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from auditlog.registry import auditlog  # it imports models, so the apps must be loaded

        from crm import checks, models, noting, overview  # noqa: F401 - they register what they hold

        auditlog.register(models.CRM, exclude_fields=["created_at"], m2m_fields={"tags"})
        auditlog.register(models.ProfileAccess)
        auditlog.register(models.CRMObject)
        auditlog.register(models.CRMField)
        auditlog.register(models.Assignment, m2m_fields={"card_objects"})
        auditlog.register(
            models.LocalCard,
            include_fields=["object", "values"],
            mask_fields=["values"],  # that it was changed, not what it says of a customer
            mask_callable="crm.noting.hidden",
        )
