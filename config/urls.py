"""Every address of Deskline; each room keeps its own."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from config import health, metrics

handler500 = "config.outage.failed"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("maker/", admin.site.urls),
    path("", include("authmethods.urls")),
    path("", include("sso.urls")),
    path("", include("interactions.urls")),
    path("", include("telephony.urls")),
    path("", include("banner.urls")),
]
