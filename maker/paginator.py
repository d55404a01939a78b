from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

MOST = 10_000


class CappedCountPaginator(Paginator):  # type: ignore[type-arg]
    """Counts at most 10,000 rows and shows no page beyond them: filter or search to see older ones."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Model] = self.object_list  # type: ignore[assignment]
        return len(rows.order_by().values_list("pk", flat=True)[:MOST])
