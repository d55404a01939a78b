"""A body of 2 MB holds 200,000 unknown fields; to check and name each would cost seconds: they are taken out before."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Any

from interactions.api.problems import MOST_TOLD, MOST_TOLD_OF_ITEM


def take_out(body: Any, known: Collection[str], most_items: int) -> int:
    """Leave as many as are named. A list that is too long is refused for that alone."""
    items, most = (body[:most_items], MOST_TOLD_OF_ITEM) if isinstance(body, list) else ([body], MOST_TOLD)
    count = 0
    for item in items:
        if isinstance(item, dict):
            surplus = list(islice((name for name in item if name not in known), most, None))
            for name in surplus:
                del item[name]
            count += len(surplus)
    return count
