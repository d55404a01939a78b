"""The ids of records in addresses: letters, digits, `_` and `-`, so that none can climb a vendor's path."""

from __future__ import annotations


class RecordId:
    regex = "[A-Za-z0-9_-]{1,40}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
