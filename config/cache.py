"""How values are kept in Redis."""

from __future__ import annotations

import json
from typing import Any


class JSONSerializer:
    """Instead of Django's, which unpickles: whoever can write to Redis could then run code in every process."""

    def dumps(self, value: Any) -> int | bytes:
        # Numbers go in as they are, so that Redis itself can increment them.
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """Anything that is not JSON counts as missing: it was not written here."""
        try:
            return json.loads(data)
        except ValueError:
            return None
