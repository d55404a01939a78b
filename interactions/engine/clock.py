"""The database's clock, which all leases and schedules of the house go by."""

from __future__ import annotations

from crm.clock import now, told

__all__ = ["now", "told"]
