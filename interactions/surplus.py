"""Fields that the API does not know, beyond those that a refusal names: taken out before the body is checked.

2 MB hold 200,000 of them; checking and naming each would cost seconds, and hundreds of megabytes.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Any

from interactions.problems import MOST_TOLD


def take_out(body: Any, known: Collection[str], most_items: int) -> int:
    """Leave as many unknown fields as are named, and count the others. A list that is longer than it may be is refused
    for that alone, so the rest of it is not gone through.
    """
    items = body[:most_items] if isinstance(body, list) else [body]
    found = ((item, name) for item in items if isinstance(item, dict) for name in item if name not in known)
    surplus = list(islice(found, MOST_TOLD, None))
    for item, name in surplus:
        del item[name]
    return len(surplus)
