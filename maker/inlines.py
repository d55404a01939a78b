from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest


class BoundedRows:
    """A sent form may claim any number of rows, and each costs time: more than the page may have are refused."""

    most_rows: ClassVar[int] = 100

    def get_max_num(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        return min(self.most_rows, super().get_max_num(request, obj, **options) or self.most_rows)  # type: ignore[misc]

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": self.get_max_num(request, obj)} | options)  # type: ignore[misc]
