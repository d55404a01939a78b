"""Fields that the API does not know, beyond those that a refusal names: taken out before the body is checked.

2 MB hold 200,000 of them; checking and naming each would cost seconds, and hundreds of megabytes.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Any

from interactions.api.problems import MOST_TOLD, MOST_TOLD_OF_ITEM


def take_out(body: Any, known: Collection[str], most_items: int) -> int:
    """Leave as many unknown fields as are named, of each item of a list a few, and count the others. A list that is
    longer than it may be is refused for that alone, so the rest of it is not gone through.
    """
    items, most = (body[:most_items], MOST_TOLD_OF_ITEM) if isinstance(body, list) else ([body], MOST_TOLD)
    count = 0
    for item in items:
        if isinstance(item, dict):
            surplus = list(islice((name for name in item if name not in known), most, None))
            for name in surplus:
                del item[name]
            count += len(surplus)
    return count
