from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SSOConfig(AppConfig):
    name = "sso"
    verbose_name = _("SSO connectors")
    default_auto_field = "django.db.models.BigAutoField"
