"""The Maker's pages of this room; Django finds them by importing this package."""

from interactions.admin import apikeys, deleted, deliveries, interactions

__all__ = ["apikeys", "deleted", "deliveries", "interactions"]
