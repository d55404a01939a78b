"""The Maker's pages of this room; Django finds them by importing this package."""

from crm.admin import assignments, cards, crms, objects, profiles

__all__ = ["assignments", "cards", "crms", "objects", "profiles"]
