from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CRMConfig(AppConfig):
    name = "crm"
    verbose_name = _("CRM v2")
    default_auto_field = "django.db.models.BigAutoField"
