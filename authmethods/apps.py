from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthMethodsConfig(AppConfig):
    name = "authmethods"
    verbose_name = _("Authentication methods")
    default_auto_field = "django.db.models.BigAutoField"
