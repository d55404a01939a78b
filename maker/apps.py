from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class MakerConfig(AdminConfig):
    """Django's admin, with our own site."""

    default_site = "maker.site.MakerSite"
