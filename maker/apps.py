from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class MakerConfig(AdminConfig):
    default_site = "maker.site.MakerSite"
