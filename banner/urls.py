from __future__ import annotations

from django.urls import path

from banner.home import home

urlpatterns = [
    path("", home, name="home"),
]
