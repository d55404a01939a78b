from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from maker.rows import Text


def page_context(request: HttpRequest, title: Text) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title}
