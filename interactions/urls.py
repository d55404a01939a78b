from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from interactions.api import problems
from interactions.api.endpoints import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    re_path("^api/v1/", problems.no_such_address),
]
