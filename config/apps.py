from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesklineConfig(AppConfig):
    name = "config"
    verbose_name = _("Deskline")
