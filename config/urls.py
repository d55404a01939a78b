"""Every address of Deskline; each room keeps its own."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("maker/", admin.site.urls),
    path("", include("authmethods.urls")),
    path("", include("sso.urls")),
    path("", include("interactions.urls")),
    path("", include("banner.urls")),
]
