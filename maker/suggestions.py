from __future__ import annotations

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import Field, QuerySet
from django.http import HttpRequest

from maker.searching import fits


class Suggestions(AutocompleteJsonView):
    """Django's view, which takes terms of any length, and fails on the far side of a relation."""

    def process_request(self, request: HttpRequest) -> Any:
        asked = super().process_request(request)
        if not isinstance(asked[2], Field):
            raise PermissionDenied
        return asked

    def get_queryset(self) -> QuerySet[Any]:
        if not fits(self.term):
            return self.model_admin.get_queryset(self.request).none()
        rows = super().get_queryset()
        return rows if rows.ordered else rows.order_by("pk")  # or a second page repeats some of the first
