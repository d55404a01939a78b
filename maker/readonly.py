from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """For an admin or an inline: rows are neither added nor changed. Deleting them is a right like any other."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KeptForGood(ReadOnly):
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
